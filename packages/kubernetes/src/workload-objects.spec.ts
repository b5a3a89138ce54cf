import { Publisher, type Container, type Workload } from '@mlterra/core';
import { resourcesOf, synthEnvironment, type StackJson } from '@mlterra/testing';
import { Construct } from 'constructs';
import type { KubernetesRendererProps } from './index';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';

const container: Container = { image: 'registry.example.org/demo:v1', command: ['demo'] };
const http = (port: number) => ({ port, protocol: 'http' }) as const;

function run(
  workload: Workload,
  { profile, ...props }: Partial<KubernetesRendererProps> & { profile?: 'production' } = {},
): StackJson {
  const environment = exampleEnvironment(
    (stack, renderer) => void renderer.run(stack, 'Demo', workload),
    profile,
    props,
  );
  return synthEnvironment(environment)['dev/tool']!;
}
const spec = (stack: StackJson) => objects(stack, 'Deployment')[0]!.spec;

describe('the grace of a pod that is stopped', () => {
  it.each<[string, readonly (number | undefined)[], number]>([
    ['that of the container that needs longest, which is the first', [90, 45], 90],
    ['that of the container that needs longest, which is the last', [5, 45, 90], 90],
    ['the default, where the others need less', [5, undefined], 30],
    ['more than the default, where one needs it', [undefined, 45], 45],
    ['less than the default, where all need less', [5, 10], 10],
    ['the default', [undefined], 30],
  ])('is %s', (_, graces, expected) => {
    const containers = Object.fromEntries(
      graces.map((stopGraceSeconds, index) => [
        `c${index}`,
        { ...container, ...(stopGraceSeconds === undefined ? {} : { stopGraceSeconds }) },
      ]),
    );
    expect(spec(run({ containers })).template.spec.terminationGracePeriodSeconds).toBe(expected);
  });
});

describe('a workload of several containers', () => {
  const two = {
    server: { ...container, ports: { http: http(8080), metrics: { port: 9090, protocol: 'tcp' } } },
    proxy: { ...container, ports: { proxy: http(8443) } },
  } as const satisfies Record<string, Container>;

  it('has one Service with the ports of all', () => {
    const [service, ...others] = objects(run({ containers: two }), 'Service');
    expect(others).toEqual([]);
    expect(service!.spec).toEqual({
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/name': 'demo' },
      ports: [
        { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
        { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' },
        { name: 'proxy', port: 8443, targetPort: 'proxy', protocol: 'TCP', appProtocol: 'http' },
      ],
    });
  });

  it('publishes those ports that are asked for, and lets anybody to these only', () => {
    const publisher = new Publisher(new Construct(undefined as never, 'owner'), { 'demo.proxy': 30_443 });
    const stack = run({ containers: two }, { publisher, profile: 'production' });
    const [, published, ...others] = objects(stack, 'Service');
    expect(others).toEqual([]);
    expect(published).toMatchObject({
      metadata: { name: 'demo-published' },
      spec: {
        type: 'NodePort',
        selector: { 'app.kubernetes.io/name': 'demo' },
        ports: [{ name: 'proxy', port: 8443, nodePort: 30_443 }],
      },
    });
    expect(published!.spec.ports).toHaveLength(1);
    const ingress = objects(stack, 'NetworkPolicy').find(({ metadata }) => metadata.name === 'demo')!.spec
      .ingress as { readonly from?: object; readonly ports: readonly { readonly port: number }[] }[];
    expect(ingress.map(({ from, ports }) => [from !== undefined, ports.map(({ port }) => port)])).toEqual([
      [true, [8080, 9090, 8443]],
      [false, [8443]],
    ]);
  });

  it('has nothing published where nobody asks for it', () => {
    const publisher = new Publisher(new Construct(undefined as never, 'owner'), { 'other.http': 30_443 });
    const stack = run({ containers: two }, { publisher });
    expect(objects(stack, 'Service').map(({ metadata }) => metadata.name)).toEqual(['demo']);
  });

  it('is replaced one after the other, unless any of its containers has a volume', () => {
    expect(spec(run({ containers: two })).strategy).toEqual({ type: 'RollingUpdate' });
    const copier = { ...container, volumes: { '/data': { name: 'data', sizeGiB: 5 } } };
    const stack = run({ containers: { ...two, copier } });
    expect(spec(stack).strategy).toEqual({ type: 'Recreate' });
    expect(spec(stack).replicas).toBe(1);
  });

  it.each<[string, Partial<Workload>, RegExp]>([
    ['in numbers', { replicas: 2 }, /^dev-tool\/Demo: 2 replicas cannot share its volumes\./],
    [
      'when it is scaled',
      { scaling: { minReplicas: 1, maxReplicas: 3, cpuPercent: 70 } },
      /^dev-tool\/Demo: .*volumes/,
    ],
  ])('runs not %s with a volume of any of them', (_, more, message) => {
    const copier = { ...container, volumes: { '/data': { name: 'data', sizeGiB: 5 } } };
    expect(() => run({ containers: { server: container, copier }, ...more })).toThrow(message);
  });

  it('refuses a port of one that has the name or the number of one of another', () => {
    const refused = (ports: Container['ports']) => () =>
      run({ containers: { ...two, third: { ...container, ports } } });
    expect(refused({ http: http(8081) })).toThrow(/the port "http" \(8081\) of the container "third"/);
    expect(refused({ other: http(9090) })).toThrow(/the port "other" \(9090\) of the container "third"/);
    expect(refused({ other: http(1024) })).not.toThrow();
    expect(refused({ other: http(1023) })).toThrow(/cannot listen on port 1023/);
  });

  it('waits for the slowest of them', () => {
    const slow = (startSeconds: number): Container => ({
      ...container,
      ports: {},
      probe: { command: ['check'], startSeconds },
    });
    const timeout = (containers: Workload['containers'], schedulingSeconds?: number): unknown =>
      resourcesOf(run({ containers }, { schedulingSeconds }), 'helm_release').kubernetes!.timeout;
    expect(timeout({ a: slow(10), b: slow(300), c: slow(20) })).toBe(600 + 300);
    expect(timeout({ a: slow(10) }, 60)).toBe(60 + 10);
    expect(timeout({ a: container })).toBe(600 + 120);
  });
});

describe('the release of a stack', () => {
  it('waits for the slowest of its workloads, whichever comes last', () => {
    const slow = (startSeconds: number): Workload => ({
      containers: { server: { ...container, probe: { command: ['check'], startSeconds } } },
    });
    const environment = exampleEnvironment((stack, renderer) => {
      renderer.run(stack, 'Quick', slow(10));
      renderer.run(stack, 'Slow', slow(300));
      renderer.run(stack, 'Quicker', slow(5));
    });
    const stack = synthEnvironment(environment)['dev/tool']!;
    expect(resourcesOf(stack, 'helm_release').kubernetes!.timeout).toBe(600 + 300);
  });
});

describe('the class of a volume', () => {
  it.each<[string, string | undefined, string | undefined, string | undefined]>([
    ['its own', 'fast', 'nfs', 'fast'],
    ['that of the cluster', undefined, 'nfs', 'nfs'],
    ['none where nobody says one', undefined, undefined, undefined],
  ])('is %s', (_, own, ofCluster, expected) => {
    const volume = (name: string, storageClass?: string) => ({
      name,
      sizeGiB: 5,
      ...(storageClass === undefined ? {} : { storageClass }),
    });
    const stack = run(
      {
        containers: {
          server: { ...container, volumes: { '/a': volume('a', own), '/b': volume('b') } },
        },
      },
      ofCluster === undefined ? {} : { storageClass: ofCluster },
    );
    const claims = objects(stack, 'PersistentVolumeClaim');
    expect(claims.map(({ spec: { storageClassName } }) => storageClassName)).toEqual([expected, ofCluster]);
    expect(claims.map(({ spec: { accessModes } }) => accessModes)).toEqual([
      ['ReadWriteOnce'],
      ['ReadWriteOnce'],
    ]);
  });
});

describe('replicas', () => {
  it('keep off each other’s machines and zones, from the second on', () => {
    expect(spec(run({ containers: { server: container } })).template.spec).not.toHaveProperty(
      'topologySpreadConstraints',
    );
    const stack = run({ containers: { server: container }, replicas: 2 });
    expect(spec(stack).template.spec.topologySpreadConstraints).toEqual(
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'demo' } },
      })),
    );
    expect(objects(stack, 'PodDisruptionBudget')[0]!.spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/name': 'demo' } },
      maxUnavailable: 1,
    });
  });
});
