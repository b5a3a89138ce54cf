import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  engineError,
  runEngine,
  summarisePlan,
  writeAssets,
  type Diagnostic,
  type EngineBinary,
  type EngineRun,
  type PlanSummary,
  type SynthesizedStack,
} from '@mlterra/engine/parts';
import { droppedAttributes } from '../provider/dropped-attributes';
import { attributesDropped } from '../provider/errors';
import type { ProviderSchema } from '../schema/model';
import { rehearsalStopped } from './errors';
import { OVERRIDE_FILE } from './override';
import type { RehearsalFolder } from './rehearsal-folder';

export interface StackTerraformOptions {
  readonly engine: EngineBinary;
  readonly folder: RehearsalFolder;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Schemas of the providers that are played. */
  readonly schemas: readonly ProviderSchema[];
  readonly onLine?: (line: string) => void;
}

/** Terraform in the folder of one stack. */
export class StackTerraform {
  private readonly cwd: string;

  public constructor(
    private readonly stack: SynthesizedStack,
    override: Readonly<Record<string, unknown>>,
    private readonly options: StackTerraformOptions,
  ) {
    this.cwd = options.folder.work(stack.id);
    mkdirSync(this.cwd, { recursive: true });
    writeAssets(this.cwd, stack.assets);
    writeFileSync(path.join(this.cwd, 'cdk.tf.json'), stack.text);
    this.write(OVERRIDE_FILE, override);
  }

  /** Writes a file of configuration beside that of the stack. */
  public write(name: string, config: Readonly<Record<string, unknown>>): void {
    writeFileSync(path.join(this.cwd, name), JSON.stringify(config));
  }

  public remove(name: string): void {
    rmSync(path.join(this.cwd, name), { force: true });
  }

  /**
   * Runs a command to its end, whatever its code.
   * @throws MlterraError when the rehearsal is stopped
   */
  public async run(...args: readonly string[]): Promise<EngineRun> {
    const { engine, folder, env, signal } = this.options;
    // What is shown of a plan has its secrets in clear: it is for this program, and in no log.
    const onLine = args[0] === 'show' ? undefined : this.options.onLine;
    if (signal.aborted) throw rehearsalStopped();
    const onStart = (pid: number): void => folder.watch(pid);
    const run = await runEngine(engine, args, { cwd: this.cwd, env, signal, onStart, onLine });
    // The compiler takes a signal for one that never changes.
    if ((signal as { readonly aborted: boolean }).aborted) throw rehearsalStopped();
    return run;
  }

  /** Runs a command that is expected to work. */
  public async must(...args: readonly string[]): Promise<EngineRun> {
    const run = await this.run(...args);
    if (run.code !== 0) throw this.failure(args[0]!, run);
    return run;
  }

  public async validate(): Promise<void> {
    const run = await this.run('validate', '-json');
    if (run.code !== 0) {
      throw this.failure('validate', { ...run, diagnostics: validationErrors(run.stdout) });
    }
    const dropped = droppedAttributes(this.stack.config, this.options.schemas);
    if (dropped.length > 0) throw attributesDropped(dropped);
  }

  /** The whole of a saved plan. */
  public async show(plan: string): Promise<PlanSummary> {
    return summarisePlan((await this.must('show', '-json', plan)).stdout);
  }

  public failure(command: string, run: Pick<EngineRun, 'diagnostics' | 'log'>): Error {
    return engineError(`${this.options.engine.name} ${command}`, run.diagnostics, run.log, this.stack.text);
  }
}

/** `validate -json` prints one document. */
function validationErrors(stdout: string): readonly Diagnostic[] {
  try {
    return (JSON.parse(stdout) as { diagnostics?: readonly Diagnostic[] }).diagnostics ?? [];
  } catch {
    return [];
  }
}
