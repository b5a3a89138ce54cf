import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment, MlterraError } from '@mlterra/core';
import {
  describeError,
  findEngine,
  inOrder,
  loadEnvironment,
  stageUnknown,
  synthesizeDefinition,
  typecheckApart,
  withSlot,
  type SynthesizedStack,
} from '@mlterra/engine/parts';
import { findWorkspaceRoot } from '@mlterra/workspace';
import type { Fault } from '../faults';
import type { Level } from '../level/level';
import { mirrorSettings } from '../level/mirror-settings';
import { openHybrids, type Hybrids } from '../level/open-hybrids';
import { formatFault } from '../parse-fault';
import type { ProviderServers } from '../provider/provider-server';
import { serveProviders } from '../provider/serve-providers';
import type { ProviderSchema } from '../schema/model';
import { readSchemas } from '../schema/read-schemas';
import { changeCandidates } from './change-candidate';
import { checkFaults } from './check-faults';
import { realVariables, rehearsedVariables } from './engine-variables';
import { faultsUnused, rehearsalStopped } from './errors';
import { chooseLevels, isNamed, refuseReal, type LevelChoice } from './levels';
import { protectedResources, rehearsalOverride } from './override';
import { RehearsalFolder } from './rehearsal-folder';
import type { RehearsalResult, StepName, StepResult } from './result';
import { fetchModules, type StackModules } from './stack-modules';
import { StackRehearsal } from './stack-rehearsal';
import { StackTerraform } from './stack-terraform';
import { usedTypes } from './used-types';

/** An environment in a folder, or one that is defined in this process. */
export type RehearsalTarget =
  | {
      /** Absolute path of the folder with `environment.ts`. */
      readonly dir: string;
    }
  | {
      readonly definition: Environment;
      /** Folder whose packages hold the bindings. @default - the current folder */
      readonly dir?: string;
    };

export interface RehearseOptions {
  /** Only this stage, and what it reads of others. @default - all stages */
  readonly stage?: string;
  /** How true it is. @default 'rehearsal' */
  readonly level?: LevelChoice;
  /** Whether providers at the level `real` may make something outside of the state. @default false */
  readonly allowReal?: boolean;
  /** What is to go wrong. @default - nothing */
  readonly faults?: readonly Fault[];
  /** Gets a fault that cannot happen here and is left out. @default - it is an error, before anything runs */
  readonly onMisfit?: (fault: Fault, error: MlterraError) => void;
  /** Steps to leave out: `validate`, `plan` (the apply plans, too), `second plan`, `change`, `destroy`. @default - none */
  readonly without?: readonly StepName[];
  /** Terraform processes at once. @default - MLTERRA_PARALLELISM, else the number of cores, at least 2 */
  readonly parallelism?: number;
  /** Terraform binary. @default - MLTERRA_ENGINE, else `terraform` on the PATH */
  readonly engine?: string;
  /** Absolute path of the workspace. @default - found upward from the environment */
  readonly workspaceRoot?: string;
  /** Folder in which the temporary one is made. @default - that of the system */
  readonly temporaryDir?: string;
  /** Leave the folder with configurations and states. @default false */
  readonly keep?: boolean;
  /** Stack traces in errors. @default false */
  readonly verbose?: boolean;
  /** Stops the rehearsal and cleans up when it is aborted. @default - never */
  readonly signal?: AbortSignal;
  /** Gets every step of a stack when it is through. @default - nobody */
  readonly onStep?: (key: string, step: StepResult) => void;
  /** Gets every line of the raw log. @default - nobody */
  readonly onLine?: (key: string, line: string) => void;
}

/**
 * Rehearses an environment: synthesises it and has Terraform plan, apply and destroy its stacks in a temporary folder against
 * providers that are played. Shared stacks come first; what does not depend on each other runs in parallel.
 * Never throws: what kept it from starting is in the result.
 */
export async function rehearseEnvironment(
  target: RehearsalTarget,
  options: RehearseOptions = {},
): Promise<RehearsalResult> {
  const start = performance.now();
  const name = 'definition' in target ? target.definition.name : path.basename(path.resolve(target.dir));
  let result: Omit<RehearsalResult, 'seconds'>;
  try {
    result = await rehearse(target, options);
  } catch (error) {
    result = {
      environment: name,
      levels: {},
      stacks: [],
      error: describeError(error, options.verbose),
    };
  }
  return { ...result, seconds: Math.round(performance.now() - start) / 1000 };
}

async function rehearse(
  target: RehearsalTarget,
  options: RehearseOptions,
): Promise<Omit<RehearsalResult, 'seconds'>> {
  const dir = path.resolve(target.dir ?? process.cwd());
  const workspaceRoot = options.workspaceRoot ?? rootOf(dir);
  const cacheDir = path.join(workspaceRoot, '.mlterra', 'cache');
  const engine = findEngine(options.engine, cacheDir);
  const definition = 'definition' in target ? target.definition : definitionIn(dir);
  const { stage } = options;
  if (stage !== undefined && !definition.stageNames.includes(stage)) {
    throw stageUnknown(stage, definition.stageNames);
  }
  const folder = RehearsalFolder.create(options.temporaryDir);
  let servers: ProviderServers | undefined;
  let hybrids: Hybrids | undefined;
  try {
    // A definition made in process has no file.
    const file =
      'definition' in target ? `The environment "${definition.name}"` : path.join(dir, 'environment.ts');
    const all = synthesizeDefinition(definition, { file, dir, outdir: path.join(folder.path, 'synth') });
    const stacks = selectStacks(all, stage);
    const overrides = new Map(
      stacks.map((stack) => [stack.key, rehearsalOverride(stack, stacks, (key) => folder.state(key))]),
    );
    const signal = options.signal ?? new AbortController().signal;
    const modules = new Map<string, StackModules>();
    for (const stack of stacks) {
      modules.set(stack.key, await fetchModules(stack, { engine, folder, signal }));
    }
    const used = usedTypes([
      ...stacks.map(({ config }) => config),
      ...[...modules.values()].flatMap(({ configs }) => configs),
    ]);
    const chosen = chooseLevels(
      options.level,
      used.map(({ source }) => source),
    );
    if (options.allowReal !== true) refuseReal(chosen);
    hybrids = await openHybrids(chosen, used, {
      isNamed: (source) => isNamed(options.level, source),
      socketDir: folder.sockets,
    });
    const { levels, providers, withoutBinary } = hybrids;
    const real = used.flatMap(({ source }) => (levels[source] === 'real' ? [source] : []));
    folder.writeRealCliConfig(process.env['MLTERRA_PROVIDER_MIRROR'] ? mirrorSettings(real) : '');
    const played = used.filter(({ source }) => levels[source] === 'rehearsal');
    const schemas = [
      ...readSchemas(played, { from: dir, cacheDir: path.join(cacheDir, 'schemas') }),
      ...[...providers.values()].map(({ schema }) => schema),
    ];
    const faults = checkFaults(options.faults ?? [], stacks, schemas, options.onMisfit);
    servers = await serveProviders(schemas, { socketDir: folder.sockets, faults, hybrids: providers });
    const run = new EnvironmentRehearsal({
      stacks,
      overrides,
      modules,
      levels,
      schemas,
      servers,
      folder,
      signal,
      options: { ...options, faults, workspaceRoot },
      engine,
    });
    return { environment: definition.name, levels, withoutBinary, ...(await run.run()) };
  } finally {
    await servers?.stop();
    await hybrids?.stop();
    if (options.keep === true) folder.keep();
    folder.close();
  }
}

interface EnvironmentRehearsalProps {
  readonly stacks: readonly SynthesizedStack[];
  readonly overrides: ReadonlyMap<string, Record<string, unknown>>;
  readonly modules: ReadonlyMap<string, StackModules>;
  readonly levels: Readonly<Record<string, Level>>;
  readonly schemas: readonly ProviderSchema[];
  readonly servers: ProviderServers;
  readonly folder: RehearsalFolder;
  readonly signal: AbortSignal;
  readonly engine: ReturnType<typeof findEngine>;
  readonly options: RehearseOptions & { readonly workspaceRoot: string };
}

/** All stacks of one environment, forward and back. */
class EnvironmentRehearsal {
  private readonly rehearsals = new Map<string, StackRehearsal>();
  private readonly seenFaults = new Set<Fault>();

  public constructor(private readonly props: EnvironmentRehearsalProps) {}

  public async run(): Promise<Pick<RehearsalResult, 'stacks' | 'error' | 'keptFolder'>> {
    const { stacks, options, signal, folder } = this.props;
    const keys = stacks.map(({ key }) => key);
    const byKey = new Map(stacks.map((stack) => [stack.key, stack]));
    const before = (key: string): readonly string[] => byKey.get(key)!.dependencies;
    const after = (key: string): string[] =>
      stacks.filter(({ dependencies }) => dependencies.includes(key)).map((stack) => stack.key);
    await inOrder<boolean>(keys, before, async (key, earlier) => {
      const failed = before(key).filter((other) => earlier.get(other) === false);
      const rehearsal = this.rehearsalOf(byKey.get(key)!);
      if (failed.length > 0) {
        rehearsal.block(`not tried: ${failed.join(', ')} failed`);
        return false;
      }
      return this.slot(() => rehearsal.forward());
    });
    if (!signal.aborted) {
      await inOrder<boolean>([...keys].reverse(), after, (key) =>
        this.slot(() => this.rehearsals.get(key)!.destroy()),
      );
    }
    const results = [...this.rehearsals.values()]
      .map(({ result }) => result)
      .filter(({ steps }) => steps.length > 0);
    const error = this.error();
    return {
      stacks: results,
      ...(error === undefined ? {} : { error: describeError(error, options.verbose) }),
      ...(options.keep === true ? { keptFolder: folder.path } : {}),
    };
  }

  private error(): Error | undefined {
    if (this.props.signal.aborted) return rehearsalStopped();
    if ([...this.rehearsals.values()].some(({ failed }) => failed)) return undefined;
    const unused = (this.props.options.faults ?? []).filter((fault) => !this.happened(fault));
    return unused.length === 0 ? undefined : faultsUnused(unused.map(formatFault));
  }

  private happened(fault: Fault): boolean {
    if (fault.kind !== 'fail-create' && fault.kind !== 'time-out') return this.seenFaults.has(fault);
    const creates = this.props.servers.calls.filter(
      ({ kind, type }) => kind === 'create' && type === fault.type,
    );
    return creates.length >= fault.nth;
  }

  private rehearsalOf(stack: SynthesizedStack): StackRehearsal {
    const { overrides, modules, levels, schemas, servers, folder, signal, engine, options } = this.props;
    const faults = options.faults ?? [];
    const env = Object.values(levels).includes('real')
      ? realVariables(servers.reattach, folder.realCliConfig)
      : rehearsedVariables(servers.reattach, folder.cliConfig);
    const onLine =
      options.onLine === undefined ? undefined : (line: string) => options.onLine!(stack.key, line);
    const terraform = new StackTerraform(stack, overrides.get(stack.key)!, {
      engine,
      folder,
      env,
      signal,
      schemas,
      ...(onLine === undefined ? {} : { onLine }),
    });
    const rehearsal = new StackRehearsal(stack, terraform, {
      faults,
      without: new Set(options.without ?? []),
      stateFile: folder.state(stack.key),
      locate: (fault, kept) => servers.locate(fault, kept),
      candidates: changeCandidates(stack.config, {
        levels,
        faults,
        schema: (source, type) => schemas.find((one) => one.source === source)?.resources[type]?.block,
      }),
      protectedResources: [...protectedResources(stack), ...modules.get(stack.key)!.protectedResources],
      onStep: (step) => options.onStep?.(stack.key, step),
      onFault: (fault) => this.seenFaults.add(fault),
      verbose: options.verbose === true,
      signal,
    });
    this.rehearsals.set(stack.key, rehearsal);
    return rehearsal;
  }

  private slot<T>(work: () => Promise<T>): Promise<T> {
    return withSlot(this.props.options, work);
  }
}

/** The stacks of a stage, and of others what they come after, in the order of definition. */
function selectStacks(
  all: readonly SynthesizedStack[],
  stage: string | undefined,
): readonly SynthesizedStack[] {
  if (stage === undefined) return all;
  const wanted = new Set<string>();
  const add = (key: string): void => {
    if (wanted.has(key)) return;
    wanted.add(key);
    all.find((stack) => stack.key === key)?.dependencies.forEach(add);
  };
  all.filter(({ stackKey }) => stackKey.stage === stage).forEach(({ key }) => add(key));
  return all.filter(({ key }) => wanted.has(key));
}

/** Where what is kept between runs lies; of a folder outside of any workspace, with the user. */
function rootOf(dir: string): string {
  try {
    return findWorkspaceRoot(dir);
  } catch {
    return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'mlterra');
  }
}

/** This process serves the providers: it is to stay small. */
function definitionIn(dir: string): Environment {
  typecheckApart(dir);
  return loadEnvironment(dir);
}
