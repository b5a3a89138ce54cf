import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MlterraError, type StateLocation } from '@mlterra/core';
import { stampConfig } from '../digest/stamp';
import type { Digest } from '../digest/digest';
import { engineError } from '../terraform/diagnostics';
import { summarisePlan, type PlanSummary } from '../terraform/plan-json';
import { runEngine, type EngineRun } from '../terraform/run-engine';
import type { SynthesizedStack, TerraformConfig } from '../synth/synthesize';
import { withSlot } from '../locks/process-slots';
import { createState } from '../work/create-state';
import { ensureInit } from '../work/init';
import { WorkDir, type WorkFiles } from '../work/work-dir';
import type { EnvironmentRun } from './context';

const DEFAULT_LOCK_TIMEOUT_SECONDS = 10;

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
      lockText: run.lock?.text,
      overlayText:
        digest === undefined ? undefined : `${JSON.stringify(stampConfig(stack, digest), null, 2)}\n`,
    };
    return new StackEngine(run, stack.key, stack.config, stack.id, files, stack.location);
  }

  /** For a stack that is no longer in the source, with a configuration from elsewhere. */
  public static ofRemoved(run: EnvironmentRun, key: string, id: string, configText: string): StackEngine {
    const config = JSON.parse(configText) as TerraformConfig;
    return new StackEngine(run, key, config, id, { configText, assets: [], lockText: run.lock?.text });
  }

  /**
   * Plans, hands the summary to `decide`, and applies the very same plan where that says so. The saved plan
   * may hold secrets: it lies in a private temporary folder and is deleted at once.
   */
  public async planAndApply(
    planArgs: readonly string[],
    decide: (summary: PlanSummary) => boolean,
  ): Promise<PlanSummary> {
    const folder = mkdtempSync(path.join(tmpdir(), 'mlterra-plan-'));
    const plan = path.join(folder, 'plan');
    try {
      await this.init();
      await this.engine('plan', ['plan', '-json', `-out=${plan}`, this.lockTimeout, ...planArgs]);
      const shown = await this.engine('show', ['show', '-json', plan], { quiet: true });
      const summary = summarisePlan(shown.stdout);
      if (decide(summary)) await this.engine('apply', ['apply', '-json', this.lockTimeout, plan]);
      return summary;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Destroys everything in the state. */
  public async destroy(args: readonly string[] = []): Promise<void> {
    await this.init();
    await this.engine('destroy', ['apply', '-destroy', '-auto-approve', '-json', this.lockTimeout, ...args]);
  }

  /** Removes the working folder of a stack that is gone. */
  public forget(): void {
    this.dir.remove();
  }

  private get lockTimeout(): string {
    return `-lock-timeout=${this.run.request.lockTimeoutSeconds ?? DEFAULT_LOCK_TIMEOUT_SECONDS}s`;
  }

  private async init(): Promise<void> {
    await this.slot(() =>
      ensureInit({
        engine: this.run.engine,
        cwd: this.dir.path,
        config: this.config,
        lock: this.run.lock,
        onLine: this.onLine,
      }),
    );
    await this.recover();
    if (this.location !== undefined)
      await createState(this.location, this.run.reader, (file) => this.push(file));
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
    return this.slot(() =>
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
    const run = await this.slot(() =>
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

  private slot<T>(work: () => Promise<T>): Promise<T> {
    return withSlot(this.run.request, work);
  }
}
