import type { ToolRecipe } from '@mlterra/testing/contracts';
import { NetworkPolicies } from './network-policies';

/** Network policies for the contract suites. */
export const networkPoliciesRecipe: ToolRecipe = {
  tool: 'network-policies',
  runsOn: ['kubernetes'],
  build(stack, { platform }) {
    new NetworkPolicies(stack, 'policies', {
      platform,
      namespaces: { default: {} },
      rules: {
        metrics: {
          namespace: 'default',
          labels: { app: 'notes' },
          ports: [{ port: 9090, from: { namespace: 'monitoring', labels: { app: 'prometheus' } } }],
        },
      },
    });
  },
  expectations: {
    workloads: [],
    objects: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }],
  },
};
