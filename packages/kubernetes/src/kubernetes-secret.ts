import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import {
  stackProvider,
  exportOutputs,
  Secret,
  Stack,
  type GenerateSecretProps,
  workloadName,
} from '@mlterra/core';
import { Construct } from 'constructs';
import type { KubernetesStack } from './kubernetes-stack';

/** Versions of the random provider whose arguments are those used here. */
const RANDOM_PROVIDER = '~> 3.7';

const DEFAULT_LENGTH = 32;
const KEY = 'value';

/**
 * A secret that Terraform makes at the first apply and keeps in its state, and a Secret with it. The reference is
 * `<namespace>/<Secret>/<key>`.
 */
export class KubernetesSecret extends Construct {
  public readonly secret: Secret;

  public constructor(scope: Construct, id: string, stack: KubernetesStack, props: GenerateSecretProps = {}) {
    super(scope, id);
    stackProvider(this, 'random', (owner) => new RandomProvider(owner, 'random'));
    Stack.ofConstruct(this).addOverride('terraform.required_providers.random.version', RANDOM_PROVIDER);
    const password = new Password(this, 'Resource', {
      length: props.length ?? DEFAULT_LENGTH,
      special: false,
    });
    const name = workloadName(this);
    stack.addSecret(this.node.path, name, { [KEY]: password.result });
    const { reference } = exportOutputs(this, { reference: `${stack.namespace}/${name}/${KEY}` });
    const { value } = exportOutputs(this, { value: password.result }, { sensitive: true });
    this.secret = new Secret(reference, value);
  }
}
