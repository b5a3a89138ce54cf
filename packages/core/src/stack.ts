import type { TerraformOutput } from 'cdktf';
import { TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import {
  crossStackReference,
  dependencyCycle,
  duplicateOutput,
  notInStack,
  providerMissing,
  stageCrossed,
} from './errors';
import type { HooksReference } from './hooks';
import { assertName, formatStackKey, SHARED_STAGE, type StackKey } from './names';
import { missingProviders } from './missing-providers';
import type { Profile } from './profile';
import type { StateBackend } from './state/backend';

const STACK = Symbol.for('mlterra/Stack');

export interface StackProps {
  readonly key: StackKey;
  readonly backend: StateBackend;
  readonly profile: Profile;
  readonly frozen?: boolean;
}

/** What a stage says of a stack. */
export interface StackOptions {
  /**
   * Whether inputs that a digest cannot hold count as unchanged: data sources, `timestamp()`, files with a computed path.
   * Otherwise a stack with one of them is planned by every run. A frozen one reads them when it is planned for another
   * reason, or with `--all`. @default false
   */
  readonly frozen?: boolean;
}

/** Name of the working folder of a stack, unique in its environment. */
export function stackId(key: StackKey): string {
  return `${key.stage}-${key.stack}`;
}

/** An output of another stack that a stack reads. */
export interface OutputRead {
  /** Key of the stack that has the output. */
  readonly stack: string;
  readonly output: string;
}

/** One Terraform state. Made by `stage.stack("name")`. */
export class Stack extends TerraformStack {
  /** `<environment>/<stage>/<stack>`, the key of its state. */
  public readonly key: string;
  public readonly stackKey: StackKey;
  public readonly profile: Profile;
  public readonly backend: StateBackend;
  /** Whether inputs that a digest cannot hold count as unchanged. */
  public readonly frozen: boolean;
  private readonly outputReads = new Map<string, OutputRead>();
  private readonly outputOwners = new Map<string, string>();
  private readonly hookReferences = new Map<string, HooksReference>();

  public constructor(scope: Construct, props: StackProps) {
    assertName('a stack', props.key.stack);
    super(scope, stackId(props.key));
    Object.defineProperty(this, STACK, { value: true });
    this.stackKey = props.key;
    this.key = formatStackKey(props.key);
    this.profile = props.profile;
    this.backend = props.backend;
    this.frozen = props.frozen ?? false;
    props.backend.configure(this, this.key);
    keepModuleSources(this);
  }

  /** Whether a construct is a stack of mlterra, of whatever copy of this package. */
  public static isMlterraStack(construct: IConstruct): construct is Stack {
    return STACK in construct;
  }

  /** The stack a construct is in. */
  public static ofConstruct(construct: IConstruct): Stack {
    for (const scope of [...construct.node.scopes].reverse()) {
      if (Stack.isMlterraStack(scope)) return scope;
    }
    throw notInStack(construct.node.path);
  }

  /** Outputs of other stacks that this one reads, in a stable order. */
  public get reads(): readonly OutputRead[] {
    return [...this.outputReads.keys()].sort().map((key) => this.outputReads.get(key)!);
  }

  /** Platform hooks of this stack, in a stable order. */
  public get hooks(): readonly HooksReference[] {
    return [...this.hookReferences.keys()].sort().map((key) => this.hookReferences.get(key)!);
  }

  /** Says which platform can probe and release what this stack makes; one entry per module, the last one counts. */
  public addHooks(hooks: HooksReference): void {
    this.hookReferences.set(hooks.module, hooks);
  }

  /** Orders this stack after another one of its stage or of `shared`, without reading anything of it. */
  public override addDependency(dependency: TerraformStack): void {
    if (Stack.isMlterraStack(dependency)) {
      const { stage } = dependency.stackKey;
      if (stage !== this.stackKey.stage && stage !== SHARED_STAGE) {
        throw stageCrossed(this.key, 'depends on', dependency.key);
      }
    }
    if (dependency.dependsOn(this)) {
      throw dependencyCycle(cyclePath(this, dependency));
    }
    super.addDependency(dependency);
  }

  /** Notes that this stack reads an output of another; called by `StackOutput.at`. */
  public recordRead(from: Stack, output: string): void {
    this.addDependency(from);
    this.outputReads.set(`${from.key}#${output}`, { stack: from.key, output });
  }

  /** Takes the name of an output for a construct; CDKTF would merge two outputs of one name without a word. */
  public claimOutput(name: string, owner: string): void {
    const first = this.outputOwners.get(name);
    if (first !== undefined) throw duplicateOutput(this.key, name, first, owner);
    this.outputOwners.set(name, owner);
  }

  /** CDKTF calls this before it writes the stack; its own report of a missing provider names no resource. */
  public override runAllValidations(): void {
    const missing = missingProviders(this);
    if (missing.size > 0) throw providerMissing(this.key, missing);
    super.runAllValidations();
  }

  /** CDKTF calls this for automatic cross-stack outputs, which would change a stack whenever a consumer comes or goes. */
  public override registerOutgoingCrossStackReference(identifier: string): TerraformOutput {
    throw crossStackReference(this.key, identifier);
  }
}

/**
 * CDKTF makes assets of relative modules, and asks for a list of them beforehand. Here their sources stay as they are
 * written, and the engine puts the modules beside the configuration.
 */
function keepModuleSources(stack: TerraformStack): void {
  Object.defineProperty(stack, Symbol.for('cdktf.TerraformModuleAsset'), {
    value: { getAssetPathForModule: (source: string) => source },
  });
}

function cyclePath(from: TerraformStack, via: TerraformStack): string[] {
  const name = (stack: TerraformStack): string => (Stack.isMlterraStack(stack) ? stack.key : stack.node.path);
  const walk = (stack: TerraformStack, seen: readonly TerraformStack[]): TerraformStack[] | undefined => {
    if (stack === from) return [...seen, stack];
    if (seen.includes(stack)) return undefined;
    for (const next of stack.dependencies) {
      const found = walk(next, [...seen, stack]);
      if (found) return found;
    }
    return undefined;
  };
  return [name(from), ...(walk(via, []) ?? [via, from]).map(name)];
}
