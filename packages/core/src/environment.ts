import { App } from 'cdktf';
import { ambiguousStack, duplicateStack, reservedStage } from './errors';
import { applyLabels } from './labels';
import { assertName, formatStackKey, SHARED_STAGE } from './names';
import { profiles, type Profile, type ProfileName } from './profile';
import { Stack, stackId, type StackOptions } from './stack';
import type { StateBackend } from './state/backend';
import { withoutVersionChecks } from './version-checks';

const ENVIRONMENT = Symbol.for('mlterra/Environment');

export interface StageDefinition<Settings> {
  /** What the stage is for; decides replicas, protection and the like. */
  readonly profile: ProfileName;
  /** Values of the profile to replace. @default - none */
  readonly overrides?: Partial<Profile>;
  /** What this environment itself distinguishes between its stages. */
  readonly settings: Settings;
}

export interface EnvironmentProps<Settings, Shared> {
  /** Name, the same as the folder's. */
  readonly name: string;
  /** Where the states are kept. */
  readonly backend: StateBackend;
  /** Stages by name. The names are read from the source without running it: write them as literal keys. */
  readonly stages: Readonly<Record<string, StageDefinition<Settings>>>;
  /** Labels for every resource, beside environment, stage and stack. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Builds the stacks that all stages share, and returns what the stages need of them. @default - nothing is shared */
  readonly shared?: (stage: Stage<undefined>) => Shared;
  /** Builds the stacks of one stage. */
  readonly build: (stage: Stage<Settings>, shared: Shared) => void;
}

/** One stage being built. */
export class Stage<Settings> {
  private readonly names = new Set<string>();

  public constructor(
    private readonly app: App,
    public readonly environment: string,
    public readonly name: string,
    public readonly profile: Profile,
    public readonly settings: Settings,
    private readonly backend: StateBackend,
    private readonly labels: Readonly<Record<string, string>> = {},
  ) {}

  /** Makes a stack: one Terraform state, with the key `<environment>/<stage>/<name>`. */
  public stack(name: string, options: StackOptions = {}): Stack {
    const key = { environment: this.environment, stage: this.name, stack: name };
    if (this.names.has(name)) throw duplicateStack(formatStackKey(key));
    this.names.add(name);
    const sameId = this.app.node.tryFindChild(stackId(key));
    if (sameId && Stack.isMlterraStack(sameId)) throw ambiguousStack(sameId.key, formatStackKey(key));
    const stack = new Stack(this.app, { key, backend: this.backend, profile: this.profile, ...options });
    applyLabels(stack, this.labels);
    return stack;
  }
}

/** One infrastructure with its stages. Made by {@link defineEnvironment}. */
export class Environment {
  public readonly name: string;
  public readonly backend: StateBackend;
  /** Names of the stages, `shared` first where the environment shares stacks. */
  public readonly stageNames: readonly string[];

  /** @internal */
  public constructor(private readonly props: EnvironmentProps<unknown, unknown>) {
    Object.defineProperty(this, ENVIRONMENT, { value: true });
    assertName('an environment', props.name);
    for (const stage of Object.keys(props.stages)) {
      assertName('a stage', stage);
      if (stage === SHARED_STAGE) throw reservedStage(props.name);
    }
    this.name = props.name;
    this.backend = props.backend;
    this.stageNames = [...(props.shared ? [SHARED_STAGE] : []), ...Object.keys(props.stages)];
  }

  /** Whether `value` is an environment, of whatever copy of this package. */
  public static isEnvironment(value: unknown): value is Environment {
    return typeof value === 'object' && value !== null && ENVIRONMENT in value;
  }

  /** The profile of a stage; the shared stage is as strict as the strictest stage on it. */
  public profile(stage: string): Profile {
    const all = Object.values(this.props.stages).map((definition) => ({
      ...profiles[definition.profile],
      ...definition.overrides,
    }));
    if (stage !== SHARED_STAGE) {
      const definition = this.props.stages[stage]!;
      return { ...profiles[definition.profile], ...definition.overrides };
    }
    return {
      replicas: Math.max(...all.map((profile) => profile.replicas)),
      highAvailability: all.some((profile) => profile.highAvailability),
      retentionDays: Math.max(...all.map((profile) => profile.retentionDays)),
      deletionProtection: all.some((profile) => profile.deletionProtection),
      spotShare: Math.min(...all.map((profile) => profile.spotShare)),
      networkPolicy: all.some((profile) => profile.networkPolicy === 'strict') ? 'strict' : 'open',
    };
  }

  /** Whether a stage is applied only when it is named (`-c <stage>`), and never destroyed. */
  public isProtected(stage: string): boolean {
    return this.profile(stage).deletionProtection;
  }

  /** Builds all stages into an app that synthesises to `outdir`; the caller calls `app.synth()`. */
  public build(outdir: string): App {
    const app = new App({ outdir, stackTraces: false, context: targetVersions(this.backend) });
    const stage = <S>(name: string, settings: S): Stage<S> =>
      new Stage(app, this.name, name, this.profile(name), settings, this.backend, this.props.labels);
    const shared = this.props.shared?.(stage(SHARED_STAGE, undefined));
    for (const [name, definition] of Object.entries(this.props.stages)) {
      this.props.build(stage(name, definition.settings), shared);
    }
    return withoutVersionChecks(app);
  }
}

/** CDKTF refuses what the oldest Terraform it may meet does not have; a backend can demand a newer one. */
function targetVersions({ minimumTerraform }: StateBackend): Record<string, unknown> {
  if (minimumTerraform === undefined) return {};
  return { targetVersions: { terraform: `>=${minimumTerraform}`, opentofu: `>=${minimumTerraform}` } };
}

/** Defines an environment. `environments/<name>/environment.ts` default-exports what this returns. */
export function defineEnvironment<Settings = undefined, Shared = undefined>(
  props: EnvironmentProps<Settings, Shared>,
): Environment {
  return new Environment(props as unknown as EnvironmentProps<unknown, unknown>);
}
