import type { PodPolicyProps } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';

const props: PodPolicyProps = {
  labels: { app: 'proxy' },
  ports: [
    { port: 8000, from: 'anyone' },
    { port: 8089, from: { namespace: 'dev-gateway', labels: { app: 'gateway' } } },
  ],
  connectsTo: [{ kind: 'addresses', cidrs: ['192.0.2.0/24'], port: 5432 }],
  connectsToStage: true,
};

function policy(profile: 'development' | 'production') {
  const environment = exampleEnvironment(
    (stack, renderer) => renderer.addPodPolicy(stack, 'Proxies', props),
    profile,
  );
  const found = objects(synthEnvironment(environment)['dev/tool']!, 'NetworkPolicy');
  return found.find(({ metadata }) => metadata.name === 'proxies')!.spec;
}

describe('addPodPolicy', () => {
  it('lets in who connects, and leaves the way out free where policies are open', () => {
    const { podSelector, policyTypes, ingress, egress } = policy('development');
    expect(podSelector).toEqual({ matchLabels: { app: 'proxy' } });
    expect([policyTypes, egress]).toEqual([['Ingress'], undefined]);
    expect(ingress).toEqual([
      { ports: [{ port: 8000, protocol: 'TCP' }] },
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev-gateway' } },
            podSelector: { matchLabels: { app: 'gateway' } },
          },
        ],
        ports: [{ port: 8089, protocol: 'TCP' }],
      },
    ]);
  });

  it('lets out to names, peers and the stage where policies are strict', () => {
    const { policyTypes, egress } = policy('production');
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(egress).toHaveLength(3);
    expect(egress.slice(1)).toEqual([
      { to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 5432, protocol: 'TCP' }] },
      {
        to: [
          {
            namespaceSelector: {
              matchLabels: { 'mlterra.dev/environment': 'demo', 'mlterra.dev/stage': 'dev' },
            },
          },
        ],
      },
    ]);
  });
});
