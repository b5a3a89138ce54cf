import { rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { closeToOthers, privateFolder } from './private-files/private-files';
import { lockTimeoutSeconds, type CommandName, type CommandRequest } from './command';
import { confirmationMissing, declined, stageUnknown } from './errors';
import { acquireRunLock } from './locks/run-lock';
import { lineProgress } from './progress/lines';
import { liveProgress } from './progress/live';
import type { Progress } from './progress/progress';
import { renderMarkdown } from './report/markdown';
import { renderTables } from './report/tables';
import { applyEnvironment } from './run/apply';
import { lockMissing } from './providers/lock-missing';
import { prepare, selectStages, stageOf, type EnvironmentRun } from './run/context';
import { appliedStacks, destroyEnvironment, destroyScope, type DestroyScope } from './run/destroy';
import { Audience } from './run/audience';
import { driftEnvironment } from './run/drift';
import { interruptedExitCode, interruption, stopGracefully, throwIfInterrupted } from './run/interruption';
import { restoreTornStates } from './run/torn-state';
import { keepUnseen, takeUnseen } from './run/unseen-result';
import { describeError } from './run/guard';
import { readOutputs } from './run/output';
import { planEnvironment } from './run/plan';
import { FAILED, type CommandResult, type EnvironmentResult } from './run/result';
import { findEngine } from './terraform/find-engine';
import { stringifyLossless } from './state/lossless';
import { environmentFolder } from './work/environment-folder';
import { synthesizeTo } from './synth/synthesize';

/** Exit code of `drift` when it found some. */
const DRIFTED = 2;

/**
 * Runs one command over environments and prints its result: a table, or one JSON document with `json`.
 * Never throws; errors are printed in the terms of the caller.
 * A first SIGINT, SIGTERM or SIGHUP stops it gracefully, a second one kills the engine.
 * @returns the exit code: 0 done, 1 something failed or could not be done, 2 drift was found, 130 and the like when a
 * signal stopped it
 */
export async function executeCommand(command: CommandName, request: CommandRequest): Promise<number> {
  const audience = new Audience();
  const end = stopGracefully((text) => void process.stderr.write(`\n${text}\n`));
  try {
    const result = await computeResult(command, request);
    print(result, request);
    if (audience.isGone && command !== 'output') {
      for (const dir of request.environmentDirs) keepUnseen(dir, result, path.basename(dir));
    }
    const signal = interruption();
    return signal === undefined ? exitCode(result) : interruptedExitCode(signal);
  } finally {
    end();
  }
}

function print(result: CommandResult, request: CommandRequest): void {
  if (request.json === true) {
    process.stdout.write(`${stringifyLossless(result, 2)}\n`);
  } else if (request.markdown === true) {
    process.stdout.write(renderMarkdown(result));
  } else {
    const explain = request.explain === true || request.verbose === true;
    process.stdout.write(`${renderTables(result, { explain, columns: process.stdout.columns ?? 140 })}\n`);
  }
}

/** Runs one command over environments; progress goes to standard error. */
export async function computeResult(command: CommandName, request: CommandRequest): Promise<CommandResult> {
  const start = performance.now();
  const environments: Outcome[] = [];
  for (const dir of request.environmentDirs) environments.push(await onEnvironment(command, dir, request));
  const { stage } = request;
  if (
    stage !== undefined &&
    request.stageKnown !== true &&
    environments.every(({ noStage }) => noStage === stage)
  ) {
    const known = [...new Set(environments.flatMap(({ stageNames }) => stageNames ?? []))];
    const error = describeError(stageUnknown(stage, known), request.verbose);
    environments.splice(
      0,
      environments.length,
      ...environments.map(({ name }) => ({ name, stacks: [], notes: [], error })),
    );
  }
  const engineSeconds = Math.round(performance.now() - start) / 1000;
  return {
    command,
    environments: environments.map(({ stageNames: _, ...environment }) => environment),
    engineSeconds,
  };
}

type Outcome = EnvironmentResult & { readonly stageNames?: readonly string[] };

async function onEnvironment(command: CommandName, dir: string, request: CommandRequest): Promise<Outcome> {
  const name = path.basename(dir);
  const progress = chooseProgress(request);
  try {
    if (command === 'synth') return synthCommand(dir, request);
    throwIfInterrupted();
    const engine = findEngine(request.engine, path.join(environmentFolder(request.workspaceRoot), 'cache'));
    const run = prepare(dir, request, engine, progress);
    try {
      const { stageNames } = run.environment.definition;
      if (request.stage !== undefined && !stageNames.includes(request.stage)) {
        return { name, stageNames, noStage: request.stage, stacks: [], notes: [] };
      }
      return await locked(command, run, () => COMMANDS[command](run));
    } finally {
      run.identity.end();
      await run.reader.close();
    }
  } catch (error) {
    return { name, stacks: [], notes: [], error: describeError(error, request.verbose) };
  } finally {
    await progress.end();
  }
}

/** Two runs would write the same working folders; only `output` just reads. */
async function locked(
  command: CommandName,
  run: EnvironmentRun,
  work: () => Promise<EnvironmentResult>,
): Promise<EnvironmentResult> {
  if (command === 'output') return work();
  const release = await acquireRunLock(run.environment.dir, {
    command,
    waitSeconds: lockTimeoutSeconds(run.request),
  });
  try {
    const unseen = takeUnseen(run.environment.dir);
    if (unseen !== undefined) run.progress.note(unseen);
    await restoreTornStates(run);
    return await work();
  } finally {
    release();
  }
}

function synthCommand(dir: string, request: CommandRequest): Outcome {
  const outdir = path.join(dir, 'cdktf.out');
  rmSync(outdir, { recursive: true, force: true });
  privateFolder(outdir);
  const { name, stacks } = synthesizeTo(dir, outdir);
  closeToOthers(outdir);
  const where = path.relative(request.workspaceRoot, outdir);
  return { name, stacks: [], notes: stacks.map(({ key, id }) => `${key} is in ${where}/stacks/${id}`) };
}

const COMMANDS: Readonly<
  Record<Exclude<CommandName, 'synth'>, (run: EnvironmentRun) => Promise<EnvironmentResult>>
> = {
  async plan(given) {
    const run = await lockMissing(given);
    begin(run, { protectedToo: true });
    return {
      name: run.environment.name,
      stacks: await planEnvironment(run),
      notes: warnings(run, { protectedToo: true }),
    };
  },
  async apply(given) {
    const run = await lockMissing(given);
    begin(run, { protectedToo: false });
    const { stacks, notes } = await applyEnvironment(run);
    await run.progress.end();
    return {
      name: run.environment.name,
      stacks,
      ...(await servicesAfter(run, [...warnings(run, { protectedToo: false }), ...notes])),
    };
  },
  async destroy(given) {
    const scope = await destroyScope(given);
    await confirm(given, scope);
    const run = await lockMissing(given, await appliedStacks(given, scope));
    begin(run, { protectedToo: false });
    const stacks = await destroyEnvironment(run, scope);
    const left = scope.protectedStages.map((stage) => `the stage ${stage} is protected and stays`);
    return { name: run.environment.name, stacks, notes: left };
  },
  async drift(given) {
    const run = await lockMissing(given);
    begin(run, { protectedToo: true });
    return { name: run.environment.name, stacks: await driftEnvironment(run), notes: [] };
  },
  async output(run) {
    const { stages, services } = await readOutputs(run);
    return { name: run.environment.name, stacks: [], notes: [], stages, services };
  },
};

/** Services are shown after an apply where they can be read; a state that cannot is told, and hides no result. */
async function servicesAfter(
  run: EnvironmentRun,
  notes: readonly string[],
): Promise<Pick<EnvironmentResult, 'notes' | 'services'>> {
  try {
    return { notes, services: (await readOutputs(run)).services };
  } catch (error) {
    return { notes: [...notes, describeError(error, run.request.verbose).message] };
  }
}

/** What the stacks that the command works on warn of. */
function warnings(run: EnvironmentRun, scope: { readonly protectedToo: boolean }): readonly string[] {
  const selected = selectStages(run, scope);
  return [...run.stacks.values()]
    .filter(({ key }) => selected.has(stageOf(key)))
    .flatMap((stack) => stack.warnings);
}

/** Announces the stacks the command works on. */
function begin(run: EnvironmentRun, scope: { readonly protectedToo: boolean }): void {
  const selected = selectStages(run, scope);
  run.progress.begin([...run.stacks.keys()].filter((key) => selected.has(stageOf(key))));
}

async function confirm(run: EnvironmentRun, scope: DestroyScope): Promise<void> {
  const keys = [...scope.stacks, ...scope.removed].map(({ key }) => key);
  if (run.request.yes === true || keys.length === 0) return;
  // Asked where nobody sees it, the question would wait for ever.
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw confirmationMissing();
  const { name } = run.environment;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const data = run.request.purge === true ? 'AND THEIR DATA ' : '';
    ask.on('SIGINT', () => {
      ask.close();
      process.kill(process.pid, 'SIGINT');
    });
    const answer = await ask.question(`This destroys ${data}${keys.join(', ')}.\nType ${name} to go on: `);
    if (answer.trim() !== name) throw declined();
  } finally {
    ask.close();
  }
}

function chooseProgress(request: CommandRequest): Progress {
  const verbose = request.verbose === true;
  const live = process.stderr.isTTY && process.env['CI'] === undefined && !verbose;
  return live ? liveProgress() : lineProgress(process.stderr, { verbose });
}

function exitCode({ command, environments }: CommandResult): number {
  const statuses = environments.flatMap(({ stacks }) => stacks.map(({ status }) => status));
  const failed = environments.some(({ error }) => error !== undefined);
  const undone = command === 'apply' ? statuses.includes('waiting') : statuses.includes('in-use');
  if (failed || undone || statuses.some((status) => FAILED.includes(status))) return 1;
  return statuses.includes('drifted') ? DRIFTED : 0;
}
