import { defineEnvironment, localState, type ObjectManifest, type ValueTree } from '@mlterra/core';
import { K3sCluster } from '@mlterra/k3s';

/** Changed by `../operator-upgrade.e2e.ts`. */
const CERT_MANAGER: string = 'v1.20.0';
const DEMO: string = '1.0.0';
const SOLVER: ValueTree = { http01: { ingress: {} } };

/** The definitions of kinds are upgraded here: they need no pods. Without pods nobody answers webhooks. */
const NO_PODS = { replicaCount: 0 };
const NOWHERE: ValueTree = { namespaceSelector: { matchLabels: { 'example.org/nowhere': 'true' } } };

/** The definition of a kind whose second version knows the field `size`. */
function definition(kind: string): ObjectManifest {
  const singular = kind.toLowerCase();
  const spec: ValueTree = {
    type: 'object',
    properties: { color: { type: 'string' }, ...(DEMO === '1.0.0' ? {} : { size: { type: 'integer' } }) },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.example.org` },
    clusterScoped: true,
    content: {
      spec: {
        group: 'example.org',
        names: { kind, plural: `${singular}s`, singular },
        scope: 'Cluster',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
          },
        ],
      },
    },
  };
}

/** Operators with their definitions of kinds, and objects of those kinds in a later stack. */
export default defineEnvironment({
  name: 'upgrade',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const platform = K3sCluster.fromExisting(stage.stack('cluster'), 'cluster', {
      kubeconfig: process.env.K3S_KUBECONFIG,
      context: process.env.K3S_CONTEXT,
      schedulingSeconds: 120,
    });

    const operator = stage.stack('operator');
    platform.addChart(operator, 'cert-manager', {
      chart: { repository: 'oci://quay.io/jetstack/charts', name: 'cert-manager', version: CERT_MANAGER },
      values: {
        crds: { enabled: true, keep: true },
        global: { leaderElection: { namespace: platform.namespaceOf(operator) } },
        prometheus: { enabled: false },
        ...NO_PODS,
        webhook: {
          ...NO_PODS,
          validatingWebhookConfiguration: NOWHERE,
          mutatingWebhookConfiguration: NOWHERE,
        },
        cainjector: NO_PODS,
        startupapicheck: { enabled: false },
      },
    });
    const issuers = stage.stack('issuers');
    issuers.addDependency(operator);
    platform.addObjects(issuers, 'issuer', [
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Issuer',
        metadata: { name: 'kept' },
        content: {
          spec: {
            acme: {
              server: 'https://acme.invalid/directory',
              privateKeySecretRef: { name: 'account' },
              solvers: [SOLVER],
            },
          },
        },
      },
    ]);

    // A chart with a definition in `crds` alone, and one whose definition we put on the cluster ourselves.
    const repository = 'https://charts.example.org';
    platform.addChart(stage.stack('trap'), 'trap', { chart: { repository, name: 'trap', version: DEMO } });
    const own = stage.stack('own');
    platform.addObjects(own, 'definition', [definition('Gadget')]);
    platform.addChart(own, 'own', { chart: { repository, name: 'own', version: DEMO }, skipCrds: true });
  },
});
