import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { MlterraError, type StateLocation } from '@mlterra/core';
import { lockTimeoutSeconds } from '../command';
import { stampConfig } from '../digest/stamp';
import type { Digest } from '../digest/digest';
import { stateUnsaved } from '../errors';
import { engineError } from '../terraform/diagnostics';
import { summarisePlan, type PlanSummary } from '../terraform/plan-json';
import { runEngine, type EngineRun } from '../terraform/run-engine';
import type { SynthesizedStack, TerraformConfig } from '../synth/synthesize';
import { withSlot } from '../locks/process-slots';
import { createState } from '../work/create-state';
import { ensureInit } from '../work/init';
import { lockFor } from '../work/provider-lock';
import { WorkDir, type WorkFiles } from '../work/work-dir';
import type { EnvironmentRun } from './context';

/** Engine commands on one stack, in its working folder. */
export class StackEngine {
  private readonly dir: WorkDir;

  private constructor(
    private readonly run: EnvironmentRun,
    private readonly key: string,
    private readonly config: TerraformConfig,
    id: string,
    files: WorkFiles,
    /** Where a state is made if there is none. @default - it exists */
    private readonly location?: StateLocation,
  ) {
    this.dir = new WorkDir(run.environment.dir, id);
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
    return new StackEngine(run, stack.key, stack.config, stack.id, files, stack.location);
  }

  /** For a stack that is no longer in the source, with a configuration from elsewhere. */
  public static ofRemoved(run: EnvironmentRun, key: string, id: string, configText: string): StackEngine {
    const config = JSON.parse(configText) as TerraformConfig;
    return new StackEngine(run, key, config, id, {
      configText,
      assets: [],
      lockText: lockFor(run.lock, config),
    });
  }

  /** Says what an apply would do, and changes nothing. */
  public async plan(args: readonly string[]): Promise<PlanSummary> {
    if (this.dir.erroredState !== undefined) throw stateUnsaved(this.key, this.dir.erroredState);
    await this.init();
    return this.withPlan(args, (summary) => Promise.resolve(summary));
  }

  /** Plans, and applies the very same plan where `decide` says so. */
  public async planAndApply(
    args: readonly string[],
    decide: (summary: PlanSummary) => boolean,
  ): Promise<PlanSummary> {
    await this.init();
    await this.recover();
    if (this.location !== undefined)
      await createState(this.location, this.run.reader, (file) => this.push(file));
    return this.withPlan(args, async (summary, plan) => {
      if (decide(summary)) await this.engine('apply', ['apply', '-json', this.lockTimeout, plan]);
      return summary;
    });
  }

  /** Destroys everything in the state. */
  public async destroy(args: readonly string[] = []): Promise<void> {
    await this.init();
    await this.recover();
    await this.engine('destroy', ['apply', '-destroy', '-auto-approve', '-json', this.lockTimeout, ...args]);
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
      await this.engine('plan', ['plan', '-json', `-out=${plan}`, this.lockTimeout, ...args]);
      const shown = await this.engine('show', ['show', '-json', plan], { quiet: true });
      return await use(summarisePlan(shown.stdout), plan);
    } finally {
      rmSync(plan, { force: true });
    }
  }

  /** Removes the working folder of a stack that is gone. */
  public forget(): void {
    this.dir.remove();
  }

  private get lockTimeout(): string {
    return `-lock-timeout=${lockTimeoutSeconds(this.run.request)}s`;
  }

  private async init(): Promise<void> {
    await this.slot('init', () =>
      ensureInit({
        engine: this.run.engine,
        cwd: this.dir.path,
        config: this.config,
        lock: this.run.lock,
        onLine: this.onLine,
      }),
    );
  }

  /** Saves the state of an earlier apply that Terraform could not write then, before anything else is done. */
  private async recover(): Promise<void> {
    const file = this.dir.erroredState;
    if (file === undefined) return;
    const push = await this.push(file);
    if (push.code !== 0) {
      throw new MlterraError({
        code: 'state-unsaved',
        message: `An earlier apply of ${this.key} could not save its state, and it cannot be saved now either: ${push.log.trim()}`,
        remedy: `compare ${file} with the state that is stored; then either run "terraform state push -force ${file}" in ${this.dir.path}, or delete the file`,
      });
    }
    renameSync(file, `${file}.saved`);
    this.run.progress.note(`${this.key}: saved the state that an earlier apply could not write`);
  }

  /** Stores a state, unless another one is stored that it does not follow on. */
  private push(file: string): Promise<EngineRun> {
    return this.slot('state push', () =>
      runEngine(this.run.engine, ['state', 'push', this.lockTimeout, file], {
        cwd: this.dir.path,
        onLine: this.onLine,
      }),
    );
  }

  private async engine(
    step: string,
    args: readonly string[],
    options: { quiet?: boolean } = {},
  ): Promise<EngineRun> {
    const run = await this.slot(step, () =>
      runEngine(this.run.engine, args, {
        cwd: this.dir.path,
        onLine: options.quiet === true ? undefined : this.onLine,
        onProgress: (text) => this.run.progress.update(this.key, text),
      }),
    );
    if (run.code !== 0) throw engineError(`${this.run.engine.name} ${step}`, run.diagnostics, run.log);
    return run;
  }

  private readonly onLine = (line: string): void => this.run.progress.raw(this.key, line);

  private slot<T>(step: string, work: () => Promise<T>): Promise<T> {
    return withSlot(this.run.request, work, {
      what: `${this.run.engine.name} ${step} of ${this.key}`,
      tell: (text) => this.run.progress.update(this.key, text),
    });
  }
}
