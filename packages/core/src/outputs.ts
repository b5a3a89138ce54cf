import {
  Fn,
  TerraformLocal,
  TerraformOutput,
  Token,
  Tokenization,
  type IResolvable,
  type TerraformRemoteState,
} from 'cdktf';
import type { Construct } from 'constructs';
import { outputOfOtherType, stageCrossed } from './errors';
import { renderLiteral, renderLiterals } from './literal';
import { SHARED_STAGE } from './names';
import { Reference } from './reference';
import { Stack } from './stack';
import { TypedOutput } from './typed-output';

/** What a stack can export: a text, a number, a boolean, and lists and objects of these. Texts and keys are literal. */
export type OutputValue =
  string | number | boolean | readonly OutputValue[] | { readonly [key: string]: OutputValue | undefined };

/** The type of an output by that of the value exported. */
type Exported<V> = V extends string ? string : V extends number ? number : V extends boolean ? boolean : V;

type Scalar = string | number | boolean;

/** A value of a stack that other stacks may read. Always exported, read or not. */
export class StackOutput<T = OutputValue> extends Reference {
  private local: TerraformLocal | undefined;

  public constructor(
    private readonly producer: Stack,
    /** Name of the Terraform output. */
    public readonly name: string,
    private readonly value: OutputValue,
    /** Construct that exports it. @default - the stack */
    private readonly owner: Construct = producer,
  ) {
    super();
  }

  /** The value as text where it is known at synth; undefined where Terraform makes it, and of lists and objects. */
  public get known(): string | undefined {
    return isScalar(this.value) && !Token.isUnresolved(this.value) ? String(this.value) : undefined;
  }

  /**
   * The value as text, as seen from `scope`: as it is inside the own stack, from remote state elsewhere.
   * @throws MlterraError where it is a list or an object
   */
  public at(scope: Construct): string {
    this.require('text', isScalar(this.value) || Tokenization.isResolvable(this.value));
    const consumer = Stack.ofConstruct(scope);
    return consumer === this.producer ? this.ownText() : this.remoteState(consumer).getString(this.name);
  }

  /**
   * The value as a number, as for a port in the values of a chart. What Terraform makes is converted at apply.
   * @throws MlterraError where it is known to be none
   */
  public get number(): Extract<T, Scalar> extends never ? never : TypedOutput<number> {
    const { known } = this;
    const isNumeric = known === undefined || (known.trim() !== '' && Number.isFinite(Number(known)));
    this.require('number', this.mayBeScalar && isNumeric);
    const own = known === undefined ? undefined : Number(known);
    return this.typed<number>((value, isOwn) =>
      isOwn && own !== undefined ? own : Token.asNumber(Fn.tonumber(value)),
    ) as never;
  }

  /**
   * The value as a boolean. What Terraform makes is converted at apply.
   * @throws MlterraError where it is known to be none
   */
  public get boolean(): Extract<T, Scalar> extends never ? never : TypedOutput<boolean | IResolvable> {
    const { known } = this;
    this.require(
      'boolean',
      this.mayBeScalar && (known === undefined || known === 'true' || known === 'false'),
    );
    const own = known === undefined ? undefined : known === 'true';
    return this.typed<boolean | IResolvable>((value, isOwn) =>
      isOwn && own !== undefined ? own : Fn.tobool(value),
    ) as never;
  }

  /**
   * The value as a list. For a construct it is one of texts, in trees it has whatever the list holds.
   * @throws MlterraError where it is known to be none
   */
  public get list(): Extract<T, readonly unknown[]> extends never ? never : TypedOutput<string[]> {
    this.require('list', Array.isArray(this.value) || Tokenization.isResolvable(this.value));
    return this.typed<string[]>((value, isOwn) =>
      isOwn && Array.isArray(value) ? (renderLiterals(value) as string[]) : Token.asList(value),
    ) as never;
  }

  /**
   * The value as an object.
   * @throws MlterraError where it is known to be none
   */
  public get object(): Exclude<T, Scalar | readonly unknown[]> extends never
    ? never
    : TypedOutput<IResolvable> {
    this.require('object', !isScalar(this.value) && !Array.isArray(this.value));
    return this.typed<IResolvable>(
      (value, isOwn) => (isOwn ? renderLiterals(value) : value) as IResolvable,
    ) as never;
  }

  /** @param read gets the value, or a reference to it in remote state */
  private typed<R>(read: (value: unknown, isOwn: boolean) => R): TypedOutput<R> {
    return new TypedOutput((scope) => {
      const consumer = Stack.ofConstruct(scope);
      if (consumer === this.producer) return read(this.value, true);
      return read(this.remoteState(consumer).get(this.name), false);
    });
  }

  /** A text that Terraform would take for a template is kept in a local: so it may stand wherever a reference may. */
  private ownText(): string {
    const given = this.known ?? Token.asString(this.value);
    const rendered = renderLiteral(given);
    if (rendered === given) return given;
    this.local ??= new TerraformLocal(this.owner, `Literal-${this.name}`, rendered);
    return this.local.asString;
  }

  private get mayBeScalar(): boolean {
    return isScalar(this.value) || Tokenization.isResolvable(this.value);
  }

  private require(wanted: string, fits: boolean): void {
    if (!fits) throw outputOfOtherType(this.name, this.producer.key, typeOf(this.value), wanted);
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
 * Exports the fields of a construct as outputs of its stack, named `<construct path>_<field>`. Texts are literal, also those
 * in lists and objects, and their keys; references enter them as tokens.
 * Numbers and booleans are exported as text; `output.number` and `output.boolean` give them back as what they are.
 */
export function exportOutputs<F extends { readonly [field: string]: OutputValue }>(
  scope: Construct,
  fields: F,
  props: ExportOutputsProps = {},
): { readonly [K in keyof F]: StackOutput<Exported<F[K]>> } {
  const stack = Stack.ofConstruct(scope);
  const prefix = scope.node.path.slice(stack.node.path.length + 1).replace(/[^A-Za-z0-9]+/g, '_');
  const outputs: Record<string, StackOutput> = {};
  for (const [field, value] of Object.entries(fields)) {
    const name = prefix === '' ? field : `${prefix}_${field}`;
    stack.claimOutput(name, scope.node.path);
    const output = new TerraformOutput(scope, `Output-${field}`, {
      value: renderLiterals(isScalar(value) && !Token.isUnresolved(value) ? String(value) : value),
      ...(props.sensitive === true ? { sensitive: true } : {}),
    });
    output.overrideLogicalId(name);
    outputs[field] = new StackOutput(stack, name, value, scope);
  }
  return outputs as { readonly [K in keyof F]: StackOutput<Exported<F[K]>> };
}

function isScalar(value: OutputValue): value is Scalar {
  return typeof value !== 'object';
}

/** What an output is, for messages. */
function typeOf(value: OutputValue): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'object') return Array.isArray(value) ? 'list' : 'object';
  return typeof value;
}
