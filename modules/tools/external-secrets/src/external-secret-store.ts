import { Stack, workloadName, type SecretStore } from '@mlterra/core';
import { Construct } from 'constructs';
import type { ExternalSecrets } from './external-secrets';

/** The version that all kinds of the operator are of. */
export const API_VERSION = 'external-secrets.io/v1';

export interface ExternalSecretStoreProps {
  /** What reads it, in a stack of its own. */
  readonly operator: ExternalSecrets;
  /** Where the secrets are. */
  readonly store: SecretStore;
}

/** A store as the namespace of its stack may read it: the operator asks as an identity of this stack. */
export class ExternalSecretStore extends Construct {
  /** Name of the object. */
  public readonly name: string;
  public readonly operator: ExternalSecrets;

  public constructor(scope: Construct, id: string, { operator, store }: ExternalSecretStoreProps) {
    super(scope, id);
    Stack.ofConstruct(this).addDependency(Stack.ofConstruct(operator));
    this.operator = operator;
    this.name = workloadName(this);
    const { platform } = operator;
    const { provider } = store.grantRead(platform.addIdentity(this, 'Identity'));
    platform.addObjects(this, 'Resource', [
      {
        apiVersion: API_VERSION,
        kind: 'SecretStore',
        metadata: { name: this.name },
        content: { spec: { provider } },
      },
    ]);
  }
}
