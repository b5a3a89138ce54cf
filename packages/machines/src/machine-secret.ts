import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { exportOutputs, Secret, Stack, stackProvider, type GenerateSecretProps } from '@mlterra/core';
import { Construct } from 'constructs';

const HOOKS_MODULE = '@mlterra/machines/hooks';

const DEFAULT_LENGTH = 32;

/** A secret that Terraform makes at the first apply and keeps in its state. The reference is `<stack key>#<output>`. */
export class MachineSecret extends Construct {
  public readonly secret: Secret;

  public constructor(scope: Construct, id: string, props: GenerateSecretProps = {}) {
    super(scope, id);
    const stack = Stack.ofConstruct(this);
    stackProvider(this, 'random', (owner) => new RandomProvider(owner, 'random'));
    const password = new Password(this, 'Resource', {
      length: props.length ?? DEFAULT_LENGTH,
      special: false,
    });
    const { value } = exportOutputs(this, { value: password.result }, { sensitive: true });
    const { reference } = exportOutputs(this, { reference: `${stack.key}#${value.name}` });
    this.secret = new Secret(reference, value);
    stack.addHooks({ module: HOOKS_MODULE, data: {} });
  }
}
