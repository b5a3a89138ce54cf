import { stackProvider } from '@mlterra/core';
import { Id } from '@cdktf/provider-random/lib/id';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { Construct } from 'constructs';

/** Eight random characters, kept in the state, for names that Google does not free when their thing is deleted. */
export class NameSuffix extends Construct {
  private readonly resource: Id;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    stackProvider(this, 'random', (stack) => new RandomProvider(stack, 'random'));
    this.resource = new Id(this, 'Resource', { byteLength: 4 });
  }

  public append(name: string): string {
    return `${name}-${this.resource.hex}`;
  }
}
