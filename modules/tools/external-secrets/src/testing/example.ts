import {
  defineEnvironment,
  exportOutputs,
  localState,
  type Identity,
  type ProfileName,
  type SecretStore,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import {
  ExternalSecret,
  ExternalSecrets,
  ExternalSecretStore,
  type ExternalSecretProps,
  type ExternalSecretsProps,
} from '../index';

export interface ExampleProps {
  readonly profile?: ProfileName;
  readonly operator?: Partial<ExternalSecretsProps>;
  readonly secret?: Partial<ExternalSecretProps>;
  /** Values that the workload asks for. */
  readonly asks?: readonly string[];
}

/** Who was granted to read. */
export const grantees: string[] = [];

/** The store of a cloud that is none. */
const sky: SecretStore = {
  grantRead(grantee: Identity) {
    grantees.push(`${grantee.principal?.member as string} ${grantee.serviceAccount}`);
    const serviceAccountRef = { name: grantee.serviceAccount! };
    return {
      provider: { gcpsm: { projectID: 'sky', auth: { workloadIdentity: { serviceAccountRef } } } },
      peers: [],
    };
  },
};

/** A stage `dev` with the operator in one stack, and a store, a secret and a workload in another. */
export function synthExample({
  profile = 'development',
  operator,
  secret,
  asks = [],
}: ExampleProps = {}): Record<string, StackJson> {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const memberOf = (namespace: string, name: string) => ({
        cloud: 'sky',
        member: `${namespace}/${name}`,
      });
      const platform = new KubernetesRenderer({ access: accessOf(stage.stack('cluster')), memberOf });
      const secrets = new ExternalSecrets(stage.stack('external-secrets'), 'external-secrets', {
        platform,
        ...operator,
      });
      const stack = stage.stack('tool');
      const store = new ExternalSecretStore(stack, 'store', { operator: secrets, store: sky });
      const login = new ExternalSecret(stack, 'login', {
        store,
        keys: { password: 'demo-dev-login' },
        ...secret,
      });
      const variables = Object.fromEntries(asks.map((key) => [key, login.secret(key)]));
      const server = { image: 'registry.example.org/tool:v1', command: ['tool'], variables };
      platform.run(stack, 'Server', { containers: { server } });
    },
  });
  return synthEnvironment(environment);
}

function accessOf(stack: Stack) {
  const outputs = exportOutputs(stack, { endpoint: 'https://192.0.2.1', caCertificate: 'Y2E=' });
  return { ...outputs, exec: { command: 'token', args: [] } };
}

type Json = ReturnType<typeof JSON.parse>;

/** The one object of a kind. */
export function ofKind(stack: StackJson, kind: string, name?: string): Json {
  const { locals } = stack as unknown as { locals: Json };
  return locals.kubernetes_values.objects.find(
    (object: Json) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
}

/** Values of the chart. */
export function chartValues(stack: StackJson): Json {
  const { locals } = stack as unknown as { locals: Record<string, Json> };
  return Object.values(locals).find((local) => 'fullnameOverride' in local);
}

/** The policies of the chart: what gets in, then what it reaches where policies are strict. */
export function policies(stack: StackJson): readonly Json[] {
  const { locals } = stack as unknown as { locals: Json };
  return locals.kubernetes_values.objects.filter(
    ({ kind, metadata }: Json) => kind === 'NetworkPolicy' && metadata.name !== 'default-deny',
  );
}
