import { readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { MlterraError, type HooksReference, type StateLocation } from '@mlterra/core';
import { lockTimeoutSeconds } from '../command';
import { stampConfig } from '../digest/stamp';
import { declarationOf } from '../digest/undeclared';
import { importConfig, type KnownInstance } from '../digest/unsaved';
import type { Digest } from '../digest/digest';
import { following } from '../digest/open-mark';
import { adoptionFailed, planStale, stateUnsaved } from '../errors';
import type { JournalHead } from '../journal/journal';
import { processStart } from '../locks/process-start';
import { writePrivate } from '../private-files/private-files';
import { preparePrivateFiles, preparePrivateState, removeUnwritten } from '../state/private-state';
import { engineError, errorsInBoxes, isStale, isStateLost } from '../terraform/diagnostics';
import { summarisePlan, type PlanSummary } from '../terraform/plan-json';
import { endedByItself, runEngine, type EngineRun, type EngineRunOptions } from '../terraform/run-engine';
import type { SynthesizedStack, TerraformConfig } from '../synth/synthesize';
import { withSlot } from '../locks/process-slots';
import { ensureInit } from '../work/init';
import { lockFor } from '../work/provider-lock';
import { WorkDir, type WorkFiles } from '../work/work-dir';
import type { EnvironmentRun } from './context';
import { killed } from './killed';
import { OpenState, type Found } from './open-state';
import { takeUp } from './take-up';
import { isTorn } from './torn-state';

/** The stack an engine works on. */
interface Subject {
  readonly key: string;
  readonly id: string;
  readonly config: TerraformConfig;
  readonly location: StateLocation;
  readonly dependencies: readonly string[];
  readonly hooks: readonly HooksReference[];
}

/** File of the blocks that import what a killed run created. */
const IMPORTS = 'mlterra-imports.tf.json';

/** An output of a resource that has another number of instances for the time of an import. */
const OUTPUTS_MAY_FAIL = { TF_WARN_OUTPUT_ERRORS: '1' };

/** Terraform takes the address after a move, and passes over the one before it. */
function replacedAfterMove(args: readonly string[], { resources }: PlanSummary): readonly string[] {
  return resources.flatMap(({ address, previousAddress, action }) =>
    previousAddress !== undefined && args.includes(`-replace=${previousAddress}`) && action !== 'replace'
      ? [`-replace=${address}`]
      : [],
  );
}

/** A plan with imports in place of the creations that it shows where Terraform could not import yet. */
function importsIn(summary: PlanSummary, adopt: readonly KnownInstance[]): PlanSummary {
  const resources = summary.resources.map((change) => {
    const known = adopt.find(({ address }) => address === change.address);
    return known === undefined || !['create', 'replace'].includes(change.action)
      ? change
      : { ...change, action: 'import' as const, importId: known.id, attributes: [] };
  });
  return { ...summary, resources };
}

/** Engine commands on one stack, in its working folder. */
export class StackEngine {
  private readonly dir: WorkDir;

  private constructor(
    private readonly run: EnvironmentRun,
    private readonly stack: Subject,
    files: WorkFiles,
  ) {
    this.dir = new WorkDir(run.environment.dir, stack.id);
    this.dir.write(files);
  }

  /** For a stack of the source. With a digest, its stamp is part of what is planned. */
  public static of(run: EnvironmentRun, stack: SynthesizedStack, digest: Digest | undefined): StackEngine {
    const files = {
      configText: stack.text,
      assets: stack.assets,
      lockText: lockFor(run.lock, stack.config),
      overlayText:
        digest === undefined ? undefined : `${JSON.stringify(stampConfig(stack, digest), null, 2)}\n`,
    };
    return new StackEngine(run, stack, files);
  }

  /** For a stack that is no longer in the source, with files from elsewhere. */
  public static ofRemoved(
    run: EnvironmentRun,
    removed: Pick<Subject, 'key' | 'dependencies' | 'hooks'>,
    id: string,
    files: WorkFiles,
  ): StackEngine {
    const { key, dependencies, hooks } = removed;
    const config = JSON.parse(files.configText) as TerraformConfig;
    const location = run.environment.definition.backend.location(key);
    return new StackEngine(
      run,
      { key, id, config, location, dependencies, hooks },
      { ...files, lockText: files.lockText ?? lockFor(run.lock, config) },
    );
  }

  /** Says what an apply would do, and changes nothing. */
  public async plan(args: readonly string[], unsaved: Found['unsaved']): Promise<PlanSummary> {
    if (this.dir.erroredState !== undefined) throw stateUnsaved(this.stack.key, this.dir.erroredState);
    await this.init();
    // An apply takes out of the state first what is gone from an address. Until then Terraform imports nothing to it.
    const { adopt, drop, displace } = unsaved;
    const held = new Set([...drop, ...displace].map(({ address }) => address));
    const free = adopt.filter(({ address }) => !held.has(address));
    const summary = await this.adopting(free, () => this.withPlan(args, (seen) => Promise.resolve(seen)));
    return importsIn(
      summary,
      adopt.filter(({ address }) => held.has(address)),
    );
  }

  /** Plans, and applies the very same plan where `decide` says so. */
  public async planAndApply(
    args: readonly string[],
    found: Found,
    decide: (summary: PlanSummary) => boolean,
  ): Promise<PlanSummary> {
    await this.init();
    preparePrivateFiles(this.run.environment.dir, this.stack.location);
    await this.recover();
    if (found.verdict === 'unchanged' || found.verdict === 'undecided') {
      // Nothing is expected: the state is left alone until a plan says otherwise.
      const summary = await this.withPlan(args, (seen) => Promise.resolve(seen));
      if (!decide(summary)) return summary;
    }
    return this.changing('apply', found, async (begin) => {
      await this.takeUp(found.unsaved.adopt);
      return this.adopting(found.unsaved.adopt, () =>
        this.withPlan(args, async (seen, plan) => {
          if (!decide(seen)) return seen;
          this.dir.keepApplied();
          await begin('apply', ['apply', '-json', this.lockTimeout, plan]);
          return seen;
        }),
      );
    });
  }

  /** Destroys everything in the state. */
  public async destroy(args: readonly string[], found: Found): Promise<void> {
    await this.init();
    preparePrivateFiles(this.run.environment.dir, this.stack.location);
    await this.recover();
    await this.changing('destroy', found, async (begin) => {
      await this.takeUp(found.unsaved.adopt);
      const adopt = this.declared(found.unsaved.adopt);
      if (adopt.length > 0) {
        const targets = adopt.map(({ address }) => `-target=${address}`);
        await this.adopting(adopt, () =>
          begin('apply', ['apply', '-auto-approve', '-json', this.lockTimeout, ...targets]),
        );
      }
      await begin('destroy', ['apply', '-destroy', '-auto-approve', '-json', this.lockTimeout, ...args]);
    });
    this.dir.forgetApplied();
  }

  /** Removes the working folder of a stack that is gone. */
  public forget(): void {
    this.dir.remove();
  }

  /**
   * Work that may change something: the state says so before, and a journal lies in the working folder until it is known
   * how it ended. `begin` runs the engine that changes it.
   */
  private async changing<T>(
    command: 'apply' | 'destroy',
    found: Found,
    work: (begin: (step: string, args: readonly string[]) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const open = new OpenState(this.run, this.stack, (args, options) => this.state(args, options));
    const { journal } = this.dir;
    const isFirst = journal.read() === undefined;
    // A kill may come while the mark is being written. The journal of an earlier run knows more, and stays.
    if (isFirst) journal.begin(this.journalHead(command, found));
    let began = false;
    let isOver = isFirst;
    // Terraform writes a local state in place: the journal stays where it was killed meanwhile, or had no room.
    let isWhole = true;
    try {
      await open.begin(command, found);
      const result = await work(async (step, args) => {
        began = true;
        isOver = false;
        const run = await this.journalled(command, found, step, args);
        // What earlier runs left is still to be put right where this one failed.
        const isRight = run.code === 0 || (found.replace.length === 0 && found.unsaved.adopt.length === 0);
        isOver = isRight && !isStateLost(run.diagnostics);
        if (run.code !== 0) throw this.failure(step, run);
      });
      if (!began) isWhole = await open.end({ began });
      return result;
    } catch (error) {
      const code = MlterraError.is(error) ? error.code : undefined;
      if (code === 'engine-killed') isWhole = false;
      else if (this.dir.erroredState === undefined) {
        isWhole = await open.end({ began: began && code !== 'plan-stale' });
      }
      throw error;
    } finally {
      if (isOver && isWhole && !(await this.isTorn())) journal.finish();
    }
  }

  private async isTorn(): Promise<boolean> {
    const { location } = this.stack;
    return location.type === 'local' && (await isTorn(this.run, location));
  }

  /** Has plans import what a killed run created and could not save. */
  private async adopting<T>(instances: readonly KnownInstance[], work: () => Promise<T>): Promise<T> {
    const declared = this.declared(instances);
    if (declared.length === 0) return work();
    this.dir.add(IMPORTS, `${JSON.stringify(importConfig(declared), null, 2)}\n`);
    try {
      return await work();
    } finally {
      this.dir.removeFile(IMPORTS);
    }
  }

  private declared(instances: readonly KnownInstance[]): readonly KnownInstance[] {
    return instances.filter(({ address }) => declarationOf(this.stack.config, address) === undefined);
  }

  /** Imports what a killed run created and the source no longer has, for the next plan to decide on: mostly to destroy it. */
  private takeUp(instances: readonly KnownInstance[]): Promise<void> {
    return takeUp(this.stack, this.dir, instances, async (...named) => {
      const run = await this.start('import', ['import', this.lockTimeout, ...named], {
        env: OUTPUTS_MAY_FAIL,
      });
      if (!endedByItself(run)) throw killed(this.stack, this.dir.journal.read());
      if (run.code === 0) return undefined;
      const failure = this.failure('import', run);
      if (failure.code !== 'engine-failed') throw failure;
      return errorsInBoxes(run.log);
    });
  }

  private journalHead(command: 'apply' | 'destroy', { replace, unsaved }: Found): JournalHead {
    const { run } = this.run.identity;
    return {
      run,
      command,
      since: new Date().toISOString(),
      carried: replace,
      created: unsaved.adopt,
    };
  }

  /** Runs the engine with a journal of what it does. @throws MlterraError `engine-killed` where it was killed */
  private async journalled(
    command: 'apply' | 'destroy',
    found: Found,
    step: string,
    args: readonly string[],
  ): Promise<EngineRun> {
    const { journal } = this.dir;
    const head = this.journalHead(command, found);
    journal.begin(head);
    const run = await this.start(step, args, {
      outputFile: journal.lines,
      onStart: (pid) => journal.begin({ ...head, engine: { pid, started: processStart(pid) ?? '' } }),
    });
    if (!endedByItself(run)) throw killed(this.stack, journal.read());
    return run;
  }

  /**
   * Makes a saved plan, which may hold secrets: it lies in the working folder, which only its owner can enter,
   * and is deleted at once; that of a killed run is deleted by the next one.
   */
  private async withPlan(
    args: readonly string[],
    use: (summary: PlanSummary, plan: string) => Promise<PlanSummary>,
  ): Promise<PlanSummary> {
    const plan = path.join(this.dir.path, 'saved.plan');
    try {
      // Terraform writes into a file that exists, and leaves its rights as they are.
      writePrivate(plan, '');
      const planned = async (all: readonly string[]): Promise<PlanSummary> => {
        await this.engine('plan', ['plan', '-json', `-out=${plan}`, this.lockTimeout, ...all]);
        return summarisePlan((await this.engine('show', ['show', '-json', plan], { quiet: true })).stdout);
      };
      const summary = await planned(args);
      const moved = replacedAfterMove(args, summary);
      return await use(moved.length === 0 ? summary : await planned([...args, ...moved]), plan);
    } finally {
      rmSync(plan, { force: true });
    }
  }

  private get lockTimeout(): string {
    return `-lock-timeout=${lockTimeoutSeconds(this.run.request)}s`;
  }

  private async init(): Promise<void> {
    preparePrivateState(this.run.environment.dir, this.stack.location);
    await this.slot('init', () =>
      ensureInit({
        engine: this.run.engine,
        cwd: this.dir.path,
        config: this.stack.config,
        lock: this.run.lock,
        onLine: this.onLine,
      }),
    );
    this.dir.close();
  }

  /** Saves the state of an earlier apply that Terraform could not write then, before anything else is done. */
  private async recover(): Promise<void> {
    const file = this.dir.erroredState;
    if (file === undefined) return;
    const push = await this.state(['push', this.lockTimeout, await this.numbered(file)]);
    if (push.code !== 0) {
      throw new MlterraError({
        code: 'state-unsaved',
        message: `An earlier apply of ${this.stack.key} could not save its state, and it cannot be saved now either: ${push.log.trim()}`,
        remedy: `compare ${file} with the state that is stored; then either run "terraform state push -force ${file}" in ${this.dir.path}, or delete the file`,
      });
    }
    renameSync(file, `${file}.saved`);
    this.run.progress.note(`${this.stack.key}: saved the state that an earlier apply could not write`);
  }

  /** Terraform may leave a state with the serial number of the one that is stored, and refuses to replace that by it. */
  private async numbered(file: string): Promise<string> {
    const stored = await this.state(['pull'], { quiet: true });
    if (stored.code !== 0 || stored.stdout.trim() === '') return file;
    const text = following(stored.stdout, readFileSync(file, 'utf8'));
    if (text !== undefined) writeFileAtomic(file, text, { mode: 0o600 });
    return file;
  }

  /** `terraform state …`, whatever its code. */
  private state(
    args: readonly string[],
    { quiet, evenWhenStopping }: { readonly quiet?: boolean; readonly evenWhenStopping?: boolean } = {},
  ): Promise<EngineRun> {
    const work = (): Promise<EngineRun> =>
      runEngine(this.run.engine, ['state', ...args], {
        cwd: this.dir.path,
        onLine: quiet === true ? undefined : this.onLine,
        evenWhenStopping,
        outlives: args[0] === 'push',
      });
    return this.slot(`state ${args[0]!}`, work, evenWhenStopping);
  }

  private async engine(
    step: string,
    args: readonly string[],
    options: { readonly quiet?: boolean } = {},
  ): Promise<EngineRun> {
    const run = await this.start(step, args, {}, options.quiet);
    if (run.code !== 0) throw this.failure(step, run);
    return run;
  }

  private async start(
    step: string,
    args: readonly string[],
    options: Pick<EngineRunOptions, 'outputFile' | 'onStart' | 'env'> = {},
    quiet = false,
  ): Promise<EngineRun> {
    // Also before the first apply of a stack: the mark that it is open is a state by then, of which there is a backup.
    const changes = args[0] === 'apply' || args[0] === 'import';
    if (changes) preparePrivateFiles(this.run.environment.dir, this.stack.location);
    const run = await this.slot(step, () =>
      runEngine(this.run.engine, args, {
        ...options,
        outlives: changes,
        cwd: this.dir.path,
        onLine: quiet ? undefined : this.onLine,
        onProgress: (text) => this.run.progress.update(this.stack.key, text),
      }),
    );
    this.dir.close();
    if (this.dir.erroredState !== undefined) removeUnwritten(this.run.environment.dir, this.stack.location);
    return run;
  }

  private failure(step: string, run: EngineRun): MlterraError {
    if (isStale(run.diagnostics)) return planStale(this.stack.key);
    const imports = run.diagnostics.filter(({ range }) => range?.filename.endsWith(IMPORTS) === true);
    if (imports.length > 0) return adoptionFailed(this.stack.key, imports, this.dir.journal.headFile);
    return engineError(
      `${this.run.engine.name} ${step}`,
      run.diagnostics,
      run.log,
      undefined,
      this.stack.key,
    );
  }

  private readonly onLine = (line: string): void => this.run.progress.raw(this.stack.key, line);

  private slot<T>(step: string, work: () => Promise<T>, evenWhenStopping?: boolean): Promise<T> {
    return withSlot(this.run.request, work, {
      what: `${this.run.engine.name} ${step} of ${this.stack.key}`,
      tell: (text) => this.run.progress.update(this.stack.key, text),
      evenWhenStopping,
    });
  }
}
