import type { AppliedObject } from './applied-object';
import { egressFacts } from './egress-facts';

const NAMESPACE = 'prod-app';
const podLabels = { 'app.kubernetes.io/name': 'app' };

const namespace = (name: string): AppliedObject => ({
  kind: 'Namespace',
  metadata: { name, labels: { 'mlterra.dev/stage': 'prod' } },
});
const deployment = (inNamespace: string, name: string): AppliedObject => ({
  kind: 'Deployment',
  metadata: { name, namespace: inNamespace },
  spec: { template: { metadata: { labels: { 'app.kubernetes.io/name': name } } } },
});
const service = (inNamespace: string, name: string): AppliedObject => ({
  kind: 'Service',
  metadata: { name, namespace: inNamespace },
  spec: { selector: { 'app.kubernetes.io/name': name } },
});

const stage: readonly AppliedObject[] = [
  namespace(NAMESPACE),
  namespace('prod-data'),
  deployment('prod-data', 'database'),
  service('prod-data', 'database'),
  deployment('prod-data', 'other'),
  service('prod-data', 'other'),
];

function policy(spec: object): AppliedObject {
  return { kind: 'NetworkPolicy', metadata: { namespace: NAMESPACE }, spec };
}

const facts = (...policies: readonly object[]) =>
  egressFacts({ objects: [...stage, ...policies.map(policy)], namespace: NAMESPACE, podLabels });

const denied = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
const to = (peer: object, port?: number) => ({
  podSelector: { matchLabels: podLabels },
  policyTypes: ['Egress'],
  egress: [{ to: [peer], ...(port === undefined ? {} : { ports: [{ port, protocol: 'TCP' }] }) }],
});
const inData = { matchLabels: { 'kubernetes.io/metadata.name': 'prod-data' } };

describe('what pods may connect to', () => {
  it('is everything where no policy is about it', () => {
    expect(facts()).toBe('free');
    expect(facts({ podSelector: {}, policyTypes: ['Ingress'] })).toBe('free');
    expect(facts({ podSelector: { matchLabels: { app: 'another' } }, policyTypes: ['Egress'] })).toBe('free');
  });

  it('is nothing where a policy denies it, name servers aside', () => {
    expect(facts(denied)).toEqual([]);
    expect(facts(denied, to({ namespaceSelector: {} }, 53))).toEqual([]);
  });

  it('are the Services of the pods that a policy names', () => {
    const pods = { matchLabels: { 'app.kubernetes.io/name': 'database' } };
    expect(facts(denied, to({ namespaceSelector: inData, podSelector: pods }, 5432))).toEqual([
      {
        hosts: ['database.prod-data.svc', 'database.prod-data.svc.cluster.local', 'database.prod-data'],
        ports: [5432],
      },
    ]);
    const nobody = { matchLabels: { 'app.kubernetes.io/name': 'databases' } };
    expect(facts(denied, to({ namespaceSelector: inData, podSelector: nobody }, 5432))).toEqual([
      { hosts: [], ports: [5432] },
    ]);
  });

  it('is any name in a namespace in which an operator makes the pods', () => {
    const made = { matchLabels: { 'kubernetes.io/metadata.name': 'prod-postgres' } };
    expect(
      facts(to({ namespaceSelector: made, podSelector: { matchLabels: { cluster: 'main' } } }, 5432)),
    ).toEqual([
      {
        hosts: ['*.prod-postgres.svc', '*.prod-postgres.svc.cluster.local', '*.prod-postgres'],
        ports: [5432],
      },
    ]);
  });

  it('is known for all ports, for the whole stage, for all pods and for addresses', () => {
    const stageLabels = { matchLabels: { 'mlterra.dev/stage': 'prod' } };
    expect(facts(to({ namespaceSelector: stageLabels }))).toEqual([
      { hosts: expect.arrayContaining(['database.prod-data.svc', 'other.prod-data.svc', '*.prod-app.svc']) },
    ]);
    expect(facts(to({ namespaceSelector: {} }, 80))).toEqual([{ hosts: ['*'], ports: [80] }]);
    expect(facts(to({ ipBlock: { cidr: '10.0.0.0/8' } }, 443))).toEqual([
      { cidrs: ['10.0.0.0/8'], ports: [443] },
    ]);
    expect(facts({ podSelector: {}, egress: [{}] })).toEqual([{ hosts: ['*'], cidrs: ['0.0.0.0/0'] }]);
  });

  it('is what policies about all pods say, of pods whose labels nobody knows', () => {
    const objects = [...stage, policy(to({ namespaceSelector: {} }, 80))];
    expect(egressFacts({ objects, namespace: NAMESPACE })).toBe('free');
    expect(egressFacts({ objects: [...objects, policy(denied)], namespace: NAMESPACE })).toEqual([]);
  });
});
