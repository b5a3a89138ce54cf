import { TerraformOutput, Token, type TerraformRemoteState } from 'cdktf';
import type { Construct } from 'constructs';
import { stageCrossed } from './errors';
import { SHARED_STAGE } from './names';
import { Reference } from './reference';
import { Stack } from './stack';

/** A value of a stack that other stacks may read. Always exported, read or not. */
export class StackOutput extends Reference {
  public constructor(
    private readonly producer: Stack,
    /** Name of the Terraform output. */
    public readonly name: string,
    private readonly value: string,
  ) {
    super();
  }

  /** The value where it is known at synth; undefined where Terraform makes it. */
  public get known(): string | undefined {
    return Token.isUnresolved(this.value) ? undefined : this.value;
  }

  /** The value as seen from `scope`: as it is inside the own stack, from remote state elsewhere. */
  public at(scope: Construct): string {
    const consumer = Stack.ofConstruct(scope);
    if (consumer === this.producer) return this.value;
    return this.remoteState(consumer).getString(this.name);
  }

  private remoteState(consumer: Stack): TerraformRemoteState {
    const { producer } = this;
    const from = producer.stackKey;
    if (from.stage !== consumer.stackKey.stage && from.stage !== SHARED_STAGE) {
      throw stageCrossed(consumer.key, `reads the output ${this.name} of`, producer.key);
    }
    consumer.recordRead(producer, this.name);
    const id = `upstream_${from.stage}_${from.stack}`;
    const existing = consumer.node.tryFindChild(id) as TerraformRemoteState | undefined;
    if (existing) return existing;
    const state = producer.backend.remoteState(consumer, id, producer.key);
    state.overrideLogicalId(id);
    return state;
  }
}

export interface ExportOutputsProps {
  /** Whether the values are secret: masked wherever Terraform or the engine prints them. @default false */
  readonly sensitive?: boolean;
}

/**
 * Exports the fields of a construct as outputs of its stack, named `<construct path>_<field>`.
 * Numbers are exported as text; a StackOutput gives them back as text that Terraform converts.
 */
export function exportOutputs<F extends string>(
  scope: Construct,
  fields: Readonly<Record<F, string | number>>,
  props: ExportOutputsProps = {},
): Readonly<Record<F, StackOutput>> {
  const stack = Stack.ofConstruct(scope);
  const prefix = scope.node.path.slice(stack.node.path.length + 1).replace(/[^A-Za-z0-9]+/g, '_');
  const outputs = {} as Record<F, StackOutput>;
  for (const field of Object.keys(fields) as F[]) {
    const given: string | number = fields[field];
    const value =
      typeof given === 'number' && !Token.isUnresolved(given) ? String(given) : Token.asString(given);
    const name = prefix === '' ? field : `${prefix}_${field}`;
    stack.claimOutput(name, scope.node.path);
    const output = new TerraformOutput(scope, `Output-${field}`, {
      value,
      ...(props.sensitive === true ? { sensitive: true } : {}),
    });
    output.overrideLogicalId(name);
    outputs[field] = new StackOutput(stack, name, value);
  }
  return outputs;
}
