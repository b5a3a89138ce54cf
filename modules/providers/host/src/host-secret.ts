import { exportOutputs, Secret, type GenerateSecretProps } from '@mlterra/core';
import { Construct } from 'constructs';
import { HostStack } from './host-stack';

const DEFAULT_LENGTH = 32;

/** A secret in a file of the data folder, made at the first apply. The reference is the path of the file. */
export class HostSecret extends Construct {
  public readonly secret: Secret;
  /** Path relative to the data folder. */
  public readonly reference: string;

  public constructor(scope: Construct, id: string, props: GenerateSecretProps = {}) {
    super(scope, id);
    const stack = HostStack.of(this);
    this.reference = stack.place('secrets', this);
    stack.addSecret({ reference: this.reference, length: props.length ?? DEFAULT_LENGTH });
    this.secret = new Secret(exportOutputs(this, { reference: this.reference }).reference);
  }
}
