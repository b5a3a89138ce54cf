import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseStackKey, type HooksReference, type StateLocation } from '@mlterra/core';
import type { CommandRequest } from '../command';
import type { Digest } from '../digest/digest';
import type { OpenMark } from '../digest/open-mark';
import type { EnvironmentRun } from '../run/context';
import type { StackResult } from '../run/result';
import type { StateFile, StateResource } from '../state/state-file';
import type { StateRead } from '../state/state-store';
import type { SynthesizedStack } from '../synth/synthesize';

/** A stack that is on paper only. */
export interface PaperStack {
  /** Keys of the stacks it comes after. */
  readonly after?: readonly string[];
  /** `<key>#<output>` of the outputs it reads. */
  readonly reads?: readonly string[];
  readonly hooks?: readonly HooksReference[];
  /** What is in its state. @default - nothing: it has none */
  readonly state?: StateRead;
  /** @default - one `terraform_data.R` */
  readonly config?: Record<string, unknown>;
  readonly warnings?: readonly string[];
}

export interface PaperEnvironment {
  /** Stages in their order, with whether they are protected. @default - `dev`, which is not */
  readonly stages?: Readonly<Record<string, boolean>>;
  /** Stacks of the source by key, in their order. */
  readonly stacks: Readonly<Record<string, PaperStack>>;
  /** States of stacks that are not in the source, by key. */
  readonly removed?: Readonly<Record<string, StateRead>>;
  readonly request?: Partial<CommandRequest>;
}

/** A run over stacks whose states are what a spec says; it records what is told about its progress. */
export class PaperRun {
  public readonly dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-paper-')));
  /** Places of the states that were read, in order. */
  public readonly reads: string[] = [];
  /** Texts that belong to no stack. */
  public readonly notes: string[] = [];
  public readonly results: StackResult[] = [];

  /** The run of an environment `e`. States are read anew from what is given at every read. */
  public of({
    stages = { dev: false },
    stacks,
    removed = {},
    request = {},
  }: PaperEnvironment): EnvironmentRun {
    const all = Object.entries(stacks).map(([key, stack]) => this.stack(key, stack));
    const states = (): [string, StateRead][] => [
      ...Object.entries(stacks).map(([key, { state }]): [string, StateRead] => [
        key,
        state ?? { kind: 'absent' },
      ]),
      ...Object.entries(removed),
    ];
    const location = (key: string): StateLocation => ({ type: 'local', path: key });
    const run = {
      request: { workspaceRoot: this.dir, environmentDirs: [this.dir], ...request },
      environment: {
        name: 'e',
        dir: this.dir,
        stacks: all,
        definition: {
          name: 'e',
          backend: { type: 'local', location },
          stageNames: Object.keys(stages),
          isProtected: (stage: string) => stages[stage] === true,
        },
      },
      stacks: new Map(all.map((stack) => [stack.key, stack])),
      engine: { name: 'terraform', path: '/no/terraform', version: '1.11.4' },
      reader: {
        read: (place: { path: string }) => {
          this.reads.push(place.path);
          const found = states().find(([key]) => key === place.path)?.[1];
          return Promise.resolve(found ?? { kind: 'absent' });
        },
        list: () =>
          Promise.resolve(
            states()
              .filter(([, { kind }]) => kind !== 'absent')
              .map(([key]) => key)
              .sort(),
          ),
        close: () => Promise.resolve(),
      },
      lock: undefined,
      identity: {
        run: 'paper',
        host: 'paper',
        process: { pid: process.pid, started: '' },
        end: () => undefined,
      },
      progress: {
        begin: () => undefined,
        start: () => undefined,
        update: () => undefined,
        raw: () => undefined,
        note: (text: string) => void this.notes.push(text),
        finish: (result: StackResult) => void this.results.push(result),
        end: () => Promise.resolve(),
      },
    };
    return run as unknown as EnvironmentRun;
  }

  /**
   * Writes a platform: a module whose hooks are JavaScript functions by name, which may call `record(…)`.
   * @returns its reference, and what it recorded
   */
  public platform(
    name: string,
    hooks: Readonly<Record<string, string>>,
    data: unknown = {},
  ): HooksReference & { readonly recorded: unknown[] } {
    mkdirSync(this.dir, { recursive: true });
    const module = path.join(this.dir, `${name}.cjs`);
    const functions = Object.entries(hooks).map(([hook, code]) => `${JSON.stringify(hook)}: ${code}`);
    writeFileSync(
      module,
      `const recorded = (globalThis[Symbol.for('mlterra/paper')] ??= {});
const record = (what) => (recorded[${JSON.stringify(module)}] ??= []).push(what);
exports.hooks = { ${functions.join(', ')} };`,
    );
    const all = ((globalThis as unknown as Record<symbol, Record<string, unknown[]>>)[PAPER] ??= {});
    return { module, data, recorded: (all[module] = []) };
  }

  public remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private stack(
    key: string,
    { after = [], reads = [], hooks = [], config = configOf(key), warnings = [] }: PaperStack,
  ): SynthesizedStack {
    const stackKey = parseStackKey(key)!;
    return {
      key,
      stackKey,
      id: `${stackKey.stage}-${stackKey.stack}`,
      config,
      text: JSON.stringify(config),
      assets: [],
      dependencies: after,
      reads: reads.map((read) => {
        const [stack, output] = read.split('#') as [string, string];
        return { stack, output };
      }),
      hooks,
      warnings,
      location: { type: 'local', path: key },
    } as unknown as SynthesizedStack;
  }
}

const PAPER = Symbol.for('mlterra/paper');

const configOf = (key: string): Record<string, unknown> => ({
  terraform: { backend: { local: { path: `/states/${key}.tfstate` } } },
  resource: { terraform_data: { R: {} } },
});

/** What Terraform has written for one resource. */
export function resource(name: string, change: Partial<StateResource> = {}): StateResource {
  return {
    mode: 'managed',
    type: 'terraform_data',
    name,
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: [{ attributes: { id: `id-of-${name}` }, schemaVersion: 0 }],
    ...change,
  };
}

export interface PaperState {
  /** @default - one `terraform_data.R` */
  readonly resources?: readonly StateResource[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** What its stamp says. @default - it has none */
  readonly stamp?: {
    readonly digest?: Digest;
    readonly dependencies?: readonly string[];
    readonly hooks?: readonly HooksReference[];
    /** @default - the outputs of the state */
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly open?: OpenMark;
  };
}

/** A state with something in it. */
export function stateFile({ resources = [resource('R')], outputs = {}, stamp }: PaperState = {}): StateFile {
  return {
    version: 4,
    terraformVersion: '1.11.4',
    serial: 1,
    lineage: 'l',
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [name, { value, sensitive: false }]),
    ),
    resources: stamp === undefined ? resources : [...resources, stampResource(stamp, outputs)],
  };
}

/** The state as a reader finds it. */
export function found(state: PaperState = {}): Extract<StateRead, { kind: 'state' }> {
  return { kind: 'state', state: stateFile(state) };
}

function stampResource(
  { digest, dependencies = [], hooks = [], outputs, open }: NonNullable<PaperState['stamp']>,
  ofState: Readonly<Record<string, unknown>>,
): StateResource {
  const stamp = JSON.stringify({ digest, dependencies, hooks, open });
  const input = { value: { format: 1, stamp, outputs: outputs ?? ofState } };
  return resource('mlterra', { instances: [{ attributes: { id: 'id', input }, schemaVersion: 0 }] });
}

/** `{ 'e/dev/a': 'applied', … }` */
export function statusesOf(results: readonly StackResult[]): Record<string, string> {
  return Object.fromEntries(results.map(({ key, status }) => [key, status]));
}
