import { defineEnvironment, exportOutputs, localState } from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { RecordingHost, synthEnvironment, synthStack, type StackJson } from '@mlterra/testing';
import { NetworkPolicies, type NetworkPoliciesProps } from './network-policies';

const rules: NetworkPoliciesProps['rules'] = {
  notes: {
    namespace: 'team-a',
    labels: { app: 'notes' },
    ports: [
      { port: 8080, from: { namespace: 'edge', labels: { app: 'proxy' } } },
      { port: 9090, from: { cidrs: ['10.0.0.0/8'] } },
    ],
    connectsTo: [{ kind: 'addresses', cidrs: ['0.0.0.0/0'], port: 443 }],
  },
};

function synth(props: Partial<NetworkPoliciesProps>): StackJson {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build(stage) {
      const { context } = exportOutputs(stage.stack('cluster'), { context: 'demo' });
      const platform = new KubernetesRenderer({ access: { kubeconfig: '~/.kube/config', context } });
      new NetworkPolicies(stage.stack('policies'), 'policies', { platform, ...props });
    },
  });
  return synthEnvironment(environment)['dev/policies']!;
}

function policies(props: Partial<NetworkPoliciesProps>, namespace: string) {
  const { objects } = (synth(props) as ReturnType<typeof JSON.parse>).locals.kubernetes_values;
  return objects.filter((object: ReturnType<typeof JSON.parse>) => object.metadata.namespace === namespace);
}

describe('NetworkPolicies', () => {
  it('closes namespaces, and lets through what is said', () => {
    expect(policies({ namespaces: { 'team-a': {} }, rules }, 'team-a')).toMatchSnapshot();
  });

  it('lets pods of a closed namespace ask for names, and reach each other unless told', () => {
    const [open] = policies({ namespaces: { 'team-a': {} } }, 'team-a');
    expect(open.spec.ingress).toEqual([{ from: [{ podSelector: {} }] }]);
    const [closed] = policies({ namespaces: { 'team-a': { openWithin: false } } }, 'team-a');
    expect(closed.spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(closed.spec.ingress).toEqual([]);
    expect(closed.spec.egress).toHaveLength(1);
    expect(closed.spec.egress[0].ports.map(({ port }: { port: number }) => port)).toEqual([53, 53]);
  });

  it('never opens the way to the metadata server of a cloud', () => {
    const [policy] = policies({ rules }, 'team-a');
    expect(policy.spec.egress[0].to).toEqual([
      { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
    ]);
  });

  it('has names that say whose they are', () => {
    const names = policies({ namespaces: { 'team-a': {} }, rules }, 'team-a').map(
      ({ metadata }: { metadata: { name: string } }) => metadata.name,
    );
    expect(names).toEqual(['demo-dev-policies-closed', 'demo-dev-policies-notes']);
  });

  it.each<[string, Partial<NetworkPoliciesProps>, string]>([
    [
      'to close the namespace of the cluster',
      { namespaces: { 'kube-system': {} } },
      'the namespace "kube-system" cannot be closed',
    ],
    ['a name that is none', { namespaces: { Team: {} } }, 'a namespace cannot be named "Team".'],
    [
      'a rule without content',
      { rules: { notes: { namespace: 'a' } } },
      'the rule "notes" lets nothing through.',
    ],
    [
      'the second namespace, where that one is of the cluster',
      { namespaces: { 'team-a': {}, 'kube-system': {} } },
      'the namespace "kube-system" cannot be closed',
    ],
    [
      'a rule without content among others',
      { rules: { ...rules, empty: { namespace: 'a', ports: [], connectsTo: [] } } },
      'the rule "empty" lets nothing through.',
    ],
    [
      'a port among others that is none',
      {
        rules: {
          notes: {
            namespace: 'a',
            ports: [
              { port: 65_535, from: { cidrs: ['10.0.0.0/8'] } },
              { port: 65_536, from: { cidrs: ['10.0.0.0/8'] } },
            ],
          },
        },
      },
      'the rule "notes" cannot name the port 65536.',
    ],
    [
      'a port that is none',
      { rules: { notes: { namespace: 'a', ports: [{ port: 0, from: { cidrs: ['10.0.0.0/8'] } }] } } },
      'the rule "notes" cannot name the port 0.',
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it('does not work without a cluster', () => {
    const make = () =>
      synthStack((scope) => new NetworkPolicies(scope, 'policies', { platform: new RecordingHost() }));
    expect(make).toThrow('dev-main/policies: a platform of the kind "host" has no network policies.');
  });
});
