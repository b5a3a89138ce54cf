/**
 * What a platform can do for the engine beside Terraform: look at the real things behind a stack, and
 * make sure that nothing of it is left. A stack names the module that exports them (see `Stack.addHooks`);
 * the name and its data are also kept in the state, so that they work for stacks removed from the source.
 */
export interface PlatformHooks {
  /**
   * Before a stack is planned to be applied: throws what would make the apply fail half-way, and removes what an
   * earlier run that was killed has made without getting to note it in the state.
   */
  prepare?(context: PrepareContext): Promise<void>;
  /** After an apply that failed: what the platform knows of the reasons, a line each. */
  explain?(context: HookContext): Promise<readonly string[]>;
  /** Finds what is down although Terraform believes it is there. Changes nothing. */
  probe?(context: HookContext): Promise<readonly ProbeFinding[]>;
  /** After a destroy: removes what is left of the stack, and says what could not be removed or is kept. */
  release?(context: HookContext & { readonly purge: boolean }): Promise<ReleaseReport>;
  /**
   * Stacks of this environment and stage of which the platform still runs something; with `withData` also those
   * of which only data is left.
   */
  inventory?(context: InventoryContext): Promise<readonly string[]>;
  /** Where a person finds the secret with this reference, e.g. an absolute path. */
  locateSecret?(context: HookContext, reference: string): Promise<string>;
  /**
   * Where the environment of the caller (variables, kubeconfigs, contexts of command-line tools) leads the stack. The engine
   * keeps the answer with what it applied, and refuses to plan, apply, destroy or look at the stack where another answer is
   * given. Asked by every run: it uses no network and starts no program.
   * @throws MlterraError where a variable would lead the providers past what the source names
   */
  targets?(context: TargetsContext): Promise<Targets>;
}

/** What `targets` is told. */
export type TargetsContext = Omit<HookContext, 'readOutput'>;

/**
 * Targets by what they are, in the words of a person, e.g. `Docker daemon`. What the source names is not among them: it is in
 * the configuration, and another one there is planned as a change. A name that depends on the source, e.g.
 * `Kubernetes cluster of the context "lab"`, makes a change of that part of the source a change of its own.
 */
export type Targets = Readonly<Record<string, Target>>;

/** Where the environment of the caller leads. No secret: it is kept in the state and shown. */
export interface Target {
  /** E.g. `tcp://10.0.0.1:2375`. Undefined where it cannot be read: then nothing is compared, and the providers say why. */
  readonly value: string | undefined;
  /** What is compared, where `value` may change although the target is the same. @default - `value` */
  readonly identity?: string;
  /** What of the environment leads there, as the subject of a sentence, e.g. `DOCKER_HOST=tcp://10.0.0.1:2375`. */
  readonly from: string;
  /** How the source can name it, e.g. `new DockerEngine(…, { host })`. @default - it cannot */
  readonly inSource?: string;
}

export interface HookContext {
  readonly environment: string;
  readonly stage: string;
  readonly stack: string;
  /** Absolute path of the folder that holds `environment.ts`. */
  readonly environmentDir: string;
  /** What the stack gave to `addHooks`. */
  readonly data: unknown;
  /**
   * An output in the state of a stack of the environment; undefined where there is none. An integer beyond 2^53 is a
   * `bigint`.
   */
  readonly readOutput?: (stack: string, output: string) => Promise<unknown>;
}

/** What `prepare` is told. */
export type PrepareContext = HookContext & {
  /** What the state of the stack holds, tainted and deposed instances included. */
  readonly resources: readonly StateResourceReference[];
  /** Tells whoever waits for the apply, at any time until `ended`. */
  readonly report?: (text: string) => void;
  /** Aborted when the apply has ended, whether it failed or not, after `explain`. */
  readonly ended?: AbortSignal;
};

/** An instance of a resource in a state. */
export interface StateResourceReference {
  /** `<type>.<name>` */
  readonly address: string;
  /** Its attribute `id`. */
  readonly id: string;
}

/** What `inventory` is asked. */
export type InventoryContext = Omit<HookContext, 'stack' | 'readOutput'> & {
  /** Whether data counts too, as for a purge. @default false */
  readonly withData?: boolean;
};

export interface ProbeFinding {
  /** Terraform address to replace, e.g. `terraform_data.processes`. */
  readonly address: string;
  /** What is wrong, e.g. `process server is STOPPED`. */
  readonly problem: string;
}

export interface ReleaseReport {
  /** What was still there and is now gone. */
  readonly released: readonly string[];
  /** What is kept on purpose, with how to remove it. */
  readonly kept: readonly string[];
  /** What could not be removed; not empty makes the destroy fail. */
  readonly left: readonly string[];
}

/** Names the hooks of a platform: plain data, goes into synthesised files and state. */
export interface HooksReference {
  /** Module specifier, resolved from the environment's folder; it exports `hooks: PlatformHooks`. */
  readonly module: string;
  readonly data: unknown;
  /**
   * Attributes, as `<type>.<attribute>`, that change by themselves and mean nothing: a difference in them alone is no
   * drift. @default - every difference counts
   */
  readonly volatile?: readonly string[];
}
