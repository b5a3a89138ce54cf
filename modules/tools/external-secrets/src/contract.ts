import { catalogue } from '@mlterra/catalogue';
import type { KubernetesCluster } from '@mlterra/core';
import type { ToolRecipe } from '@mlterra/testing/contracts';
import { ExternalSecret } from './external-secret';
import { API_VERSION, ExternalSecretStore } from './external-secret-store';
import { ExternalSecrets } from './external-secrets';

/** The External Secrets Operator for the contract suites. */
export const externalSecretsRecipe: ToolRecipe = {
  tool: 'external-secrets',
  runsOn: ['kubernetes'],
  needs: ['secretStore'],
  build(stack, { platform, before, secretStore }) {
    const operator = before(
      'external-secrets-operator',
      (scope) => new ExternalSecrets(scope, 'external-secrets', { platform: platform as KubernetesCluster }),
    );
    const store = new ExternalSecretStore(stack, 'store', { operator, store: secretStore! });
    new ExternalSecret(stack, 'login', { store, keys: { password: 'login-password' } });
  },
  expectations: {
    workloads: [],
    charts: [{ chart: 'external-secrets', repository: catalogue.externalSecrets.chart.repository }],
    objects: [
      { apiVersion: API_VERSION, kind: 'SecretStore' },
      { apiVersion: API_VERSION, kind: 'ExternalSecret' },
    ],
  },
};
