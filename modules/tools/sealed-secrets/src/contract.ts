import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '@mlterra/catalogue';
import { Stack, type KubernetesCluster } from '@mlterra/core';
import { writeSealedFile } from '@mlterra/sealing';
import type { ToolRecipe } from '@mlterra/testing/contracts';
import { SealedSecret } from './sealed-secret';
import { SealedSecrets } from './sealed-secrets';

/** What has the shape of a value sealed with a key of 2048 bits, and is the same every time. */
const SEALED = Buffer.concat([Buffer.from([1, 0]), Buffer.alloc(256 + 16 + 8, 'sealed')]).toString('base64');

/** Sealed Secrets for the contract suites. */
export const sealedSecretsRecipe: ToolRecipe = {
  tool: 'sealed-secrets',
  runsOn: ['kubernetes'],
  build(stack, { platform, before }) {
    const cluster = platform as KubernetesCluster;
    const operator = before(
      'sealed-secrets-operator',
      (scope) => new SealedSecrets(scope, 'sealed-secrets', { platform: cluster }),
    );
    const { stage } = Stack.ofConstruct(stack).stackKey;
    const namespace = cluster.namespaceOf(stack);
    const folder = join(tmpdir(), 'mlterra-sealed-secrets-contract', namespace);
    const file = join(folder, 'secrets', `${stage}-login.sealed.yaml`);
    writeSealedFile(file, { namespace, name: 'login' }, { password: SEALED });
    new SealedSecret(stack, 'login', { operator, folder });
  },
  expectations: {
    workloads: [],
    charts: [{ chart: 'sealed-secrets', repository: catalogue.sealedSecrets.chart.repository }],
    objects: [{ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' }],
  },
};
