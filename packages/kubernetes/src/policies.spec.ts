import type { ChartPort, KubernetesCluster, Peer, Stack } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';

const DATABASE: Peer = {
  kind: 'pods',
  namespace: 'dev-postgresql',
  labels: { 'app.kubernetes.io/name': 'postgresql' },
  port: 5432,
};
const BUCKET: Peer = { kind: 'addresses', cidrs: ['0.0.0.0/0'], port: 443 };

const container = { image: 'registry.example.org/demo:v1', command: ['demo'] };
const http = { ports: { http: { port: 8080, protocol: 'http' } } } as const;

type Policies = Readonly<Record<string, ReturnType<typeof JSON.parse>>>;

/** Network policies by name. */
function policies(
  build: (stack: Stack, cluster: KubernetesCluster) => void,
  profile?: 'production',
): Policies {
  const stack = synthEnvironment(exampleEnvironment(build, profile))['dev/tool']!;
  return Object.fromEntries(
    objects(stack, 'NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]),
  );
}

const strict = (build: (stack: Stack, cluster: KubernetesCluster) => void): Policies =>
  policies(build, 'production');

interface Rule {
  readonly ports: readonly { readonly port: number }[];
}

/** Rules beside that for name servers. */
function reached({ egress }: { readonly egress: readonly Rule[] }): readonly Rule[] {
  return egress.slice(1);
}

const portsOf = ({ ports }: Rule): number[] => ports.map(({ port }) => port);

describe('what gets out of pods, where policies are strict', () => {
  it('is nothing by default', () => {
    const { 'default-deny': deny } = strict((stack, cluster) =>
      cluster.run(stack, 'Demo', { containers: { server: container } }),
    );
    expect(deny).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it('is for a workload without peers what asks name servers', () => {
    const { demo } = strict((stack, cluster) =>
      cluster.run(stack, 'Demo', { containers: { server: container } }),
    );
    expect(demo.policyTypes).toEqual(['Egress']);
    expect(demo.ingress).toBeUndefined();
    expect(demo.egress).toHaveLength(1);
    const [{ to, ports }] = demo.egress;
    expect(ports).toEqual([
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ]);
    expect(to[0].namespaceSelector.matchLabels).toEqual({ 'kubernetes.io/metadata.name': 'kube-system' });
  });

  it('is for a workload with peers what goes to them, each once', () => {
    const { demo } = strict((stack, cluster) =>
      cluster.run(stack, 'Demo', {
        containers: { server: { ...container, ...http } },
        connectsTo: [DATABASE, BUCKET, { kind: 'api-server' }, { ...DATABASE }],
      }),
    );
    expect(demo.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(demo.podSelector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'demo' } });
    const anywhere = { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } };
    expect(reached(demo)).toHaveLength(3);
    expect(reached(demo)).toEqual(
      expect.arrayContaining([
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev-postgresql' } },
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'postgresql' } },
            },
          ],
          ports: [{ protocol: 'TCP', port: 5432 }],
        },
        { to: [anywhere], ports: [{ protocol: 'TCP', port: 443 }] },
        { to: [anywhere], ports: [443, 6443, 8443].map((port) => ({ protocol: 'TCP', port })) },
      ]),
    );
  });

  it('is for a task what it declares', () => {
    const { make } = strict((stack, cluster) =>
      cluster.runTask(stack, 'Make', { ...container, connectsTo: [DATABASE] }),
    );
    expect(make.podSelector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'make' } });
    expect(make.policyTypes).toEqual(['Egress']);
    expect(reached(make)).toEqual([expect.objectContaining({ ports: [{ protocol: 'TCP', port: 5432 }] })]);
  });

  it('goes to one workload from another by its endpoint', () => {
    const { client } = strict((stack, cluster) => {
      const { endpoints } = cluster.run(stack, 'Server', {
        containers: { server: { ...container, ...http } },
      });
      const { peers } = endpoints['server.http']!;
      cluster.run(stack, 'Client', { containers: { client: container }, connectsTo: peers });
    });
    expect(reached(client)).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev-tool' } },
            podSelector: { matchLabels: { 'app.kubernetes.io/name': 'server' } },
          },
        ],
        ports: [{ protocol: 'TCP', port: 8080 }],
      },
    ]);
  });

  it('is free where policies are open', () => {
    const all = policies((stack, cluster) => {
      cluster.run(stack, 'Demo', {
        containers: { server: { ...container, ...http } },
        connectsTo: [DATABASE],
      });
      cluster.runTask(stack, 'Make', { ...container, connectsTo: [DATABASE] });
      cluster.addChart(stack, 'Redis', {
        chart: { repository: 'https://charts.example.org', name: 'redis', version: '1.2.3' },
      });
    });
    expect(Object.keys(all)).toEqual(['default-deny', 'demo']);
    for (const { policyTypes } of Object.values(all)) expect(policyTypes).toEqual(['Ingress']);
  });
});

describe('policies of a chart', () => {
  const chart = { repository: 'https://charts.example.org', name: 'redis', version: '1.2.3' };
  const ports: readonly ChartPort[] = [
    { port: 10_250, from: 'api-server' },
    { port: 6379, from: 'stage', labels: { app: 'redis' } },
    { port: 6379, from: 'stage', labels: { app: 'sentinel' } },
    { port: 9121, from: 'cluster' },
    { port: 80, from: 'anyone' },
  ];

  it('let in who is named, to the port and the pods that are named', () => {
    const all = policies((stack, cluster) => cluster.addChart(stack, 'Redis', { chart, ports }));
    const { 'default-deny': deny, ...others } = all;
    expect(deny.policyTypes).toEqual(['Ingress']);
    const tcp = (port: number) => [{ protocol: 'TCP', port }];
    const stage = { 'mlterra.dev/environment': 'demo', 'mlterra.dev/stage': 'dev' };
    const redis = { from: [{ namespaceSelector: { matchLabels: stage } }], ports: tcp(6379) };
    expect(Object.values(others)).toEqual([
      { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: tcp(10_250) }] },
      { podSelector: { matchLabels: { app: 'redis' } }, policyTypes: ['Ingress'], ingress: [redis] },
      { podSelector: { matchLabels: { app: 'sentinel' } }, policyTypes: ['Ingress'], ingress: [redis] },
      {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: tcp(9121) }],
      },
      { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: tcp(80) }] },
    ]);
  });

  it('have names that another port does not change', () => {
    const names = (which: readonly ChartPort[]): string[] =>
      Object.keys(policies((stack, cluster) => cluster.addChart(stack, 'Redis', { chart, ports: which })));
    expect(names(ports)).toEqual(expect.arrayContaining(names(ports.slice(2))));
    expect(names([...ports, ...ports])).toEqual(names(ports));
  });

  it.each<[string, readonly Peer[] | undefined, number[]]>([
    ['the API server', undefined, [443, 6443, 8443]],
    ['its peers alone', [DATABASE], [5432]],
    ['nobody', [], []],
  ])('let out where policies are strict what goes to %s', (_, connectsTo, expected) => {
    const { 'redis-out': out } = strict((stack, cluster) =>
      cluster.addChart(stack, 'Redis', { chart, connectsTo }),
    );
    expect(out.podSelector).toEqual({});
    expect(reached(out).flatMap(portsOf)).toEqual(expected);
  });
});
