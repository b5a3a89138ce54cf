import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { exportOutputs, Secret, Stack, stackProvider, type GenerateSecretProps } from '@mlterra/core';
import { Construct } from 'constructs';

const DEFAULT_LENGTH = 32;

/** A secret that Terraform makes at the first apply and keeps in its state. The reference is `<stack key>#<output>`. */
export class DockerSecret extends Construct {
  public readonly secret: Secret;
  /** Number of characters. */
  public readonly length: number;

  public constructor(scope: Construct, id: string, props: GenerateSecretProps = {}) {
    super(scope, id);
    randomProvider(this);
    this.length = props.length ?? DEFAULT_LENGTH;
    const password = new Password(this, 'Resource', {
      length: this.length,
      special: false,
    });
    const { value } = exportOutputs(this, { value: password.result }, { sensitive: true });
    const reference = `${Stack.ofConstruct(this).key}#${value.name}`;
    this.secret = new Secret(exportOutputs(this, { reference }).reference, value);
  }
}

/** One for everything of a stack. */
export function randomProvider(scope: Construct): void {
  stackProvider(scope, 'random', (stack) => {
    // The bindings want their own release alone.
    stack.addOverride('terraform.required_providers.random.version', '~> 3.7');
    return new RandomProvider(stack, 'random');
  });
}
