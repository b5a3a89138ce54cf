import type { Peer } from '@mlterra/core';
import { egressRules, nameServers } from './egress';

const pods = (labels: Readonly<Record<string, string>>): Peer => ({
  kind: 'pods',
  namespace: 'dev-data',
  labels,
  port: 5432,
});
const addresses = (...cidrs: readonly string[]): Peer => ({ kind: 'addresses', cidrs, port: 443 });

describe('rules for name servers', () => {
  it('lead to port 53 of those of the cluster, of the node and of the cloud, and to nothing else', () => {
    const { to, ports } = nameServers();
    expect(ports!.map(({ protocol, port }) => `${protocol} ${String(port!.value)}`)).toEqual([
      'UDP 53',
      'TCP 53',
    ]);
    expect(to).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: {
          matchExpressions: [
            { key: 'k8s-app', operator: 'In', values: ['kube-dns', 'coredns', 'node-local-dns'] },
          ],
        },
      },
      { ipBlock: { cidr: '169.254.20.10/32' } },
      { ipBlock: { cidr: '169.254.169.254/32' } },
    ]);
  });
});

describe('rules for peers', () => {
  it('lead to every range of addresses, and from the whole internet leave out where a machine is asked for its rights', () => {
    const [rule, ...others] = egressRules([addresses('10.0.0.0/8', '0.0.0.0/0', '192.0.2.1/32')]);
    expect(others).toEqual([]);
    expect(rule!.to).toEqual([
      { ipBlock: { cidr: '10.0.0.0/8' } },
      { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
      { ipBlock: { cidr: '192.0.2.1/32' } },
    ]);
  });

  it('lead to pods that have all the labels, in the one namespace', () => {
    const [rule] = egressRules([pods({ app: 'postgresql', role: 'primary' })]);
    expect(rule!.to).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev-data' } },
        podSelector: { matchLabels: { app: 'postgresql', role: 'primary' } },
      },
    ]);
  });

  it('are the same whatever the order of the peers, one for each', () => {
    const peers = [
      pods({ app: 'b' }),
      addresses('10.0.0.0/8'),
      { kind: 'api-server' } as const,
      pods({ app: 'a' }),
    ];
    const rules = egressRules(peers);
    expect(rules).toHaveLength(4);
    expect(egressRules([...peers].reverse())).toEqual(rules);
    expect(egressRules([...peers, ...peers])).toEqual(rules);
    expect(egressRules([])).toEqual([]);
  });
});
