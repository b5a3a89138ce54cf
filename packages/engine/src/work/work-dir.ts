import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { JOURNAL_FILES, StackJournal } from '../journal/journal';
import { closeToOthers, privateFolder, writePrivate } from '../private-files/private-files';
import { readAssets, writeAssets, type Asset } from '../synth/assets';
import type { TerraformConfig } from '../synth/synthesize';

/** Files Terraform keeps in a working folder across runs. */
const KEPT = new Set<string>(['.terraform', 'errored.tfstate', ...JOURNAL_FILES]);

const CONFIG = 'cdk.tf.json';
const OVERLAY = 'mlterra.tf.json';
const LOCK = '.terraform.lock.hcl';

export interface WorkFiles {
  /** `cdk.tf.json` */
  readonly configText: string;
  /** `mlterra.tf.json`; nothing is written when undefined. */
  readonly overlayText?: string;
  readonly assets: readonly Asset[];
  /** The provider lock to use. @default - none */
  readonly lockText?: string;
}

/** The folder in which the engine runs for one stack: `<environment>/.mlterra/stacks/<stack id>`. */
export class WorkDir {
  public readonly path: string;
  private readonly applied: string;

  public constructor(environmentDir: string, stackId: string) {
    this.path = path.join(environmentDir, '.mlterra', 'stacks', stackId);
    this.applied = path.join(environmentDir, '.mlterra', 'applied', stackId);
  }

  /** Writes the files of a stack and removes what an earlier version left. */
  public write(files: WorkFiles): void {
    privateFolder(this.path);
    this.close();
    for (const name of readdirSync(this.path)) {
      if (!KEPT.has(name)) rmSync(path.join(this.path, name), { recursive: true, force: true });
    }
    // Left by a `terraform workspace select` in this folder: it would lead to another state.
    rmSync(path.join(this.path, '.terraform', 'environment'), { force: true });
    writeAssets(this.path, files.assets);
    writePrivate(path.join(this.path, CONFIG), files.configText);
    if (files.overlayText !== undefined) writePrivate(path.join(this.path, OVERLAY), files.overlayText);
    if (files.lockText !== undefined) writeFileSync(path.join(this.path, LOCK), files.lockText);
  }

  /**
   * Keeps the files of a stack as those that are applied: a plan of a changed source writes others here, and a stack that
   * is gone from the source can only be destroyed with these.
   */
  public keepApplied(): void {
    const { configText, assets, lockText } = filesIn(this.path)!;
    // One of both is whole at any moment, for whoever comes after a kill.
    const [next, last] = [this.nextApplied, this.lastApplied];
    if (!existsSync(this.applied) && filesIn(next) !== undefined) renameSync(next, this.applied);
    for (const folder of [next, last]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(next, { recursive: true, mode: 0o700 });
    writeAssets(next, assets);
    if (lockText !== undefined) writeFileSync(path.join(next, LOCK), lockText);
    // Last: a folder counts as soon as it has a configuration.
    writePrivate(path.join(next, CONFIG), configText);
    if (existsSync(this.applied)) renameSync(this.applied, last);
    renameSync(next, this.applied);
    rmSync(last, { recursive: true, force: true });
  }

  /** The files that were applied last from this checkout; where that is not known, those that were written last. */
  public appliedFiles(): WorkFiles | undefined {
    return this.kept ?? filesIn(this.path);
  }

  /** The configuration that was applied last from this checkout, also where that did not finish; undefined where it is not known. */
  public appliedConfig(): TerraformConfig | undefined {
    const text = this.kept?.configText;
    return text === undefined ? undefined : (JSON.parse(text) as TerraformConfig);
  }

  /** Nothing of the stack is applied any more. */
  public forgetApplied(): void {
    for (const folder of [this.lastApplied, this.nextApplied, this.applied]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private get lastApplied(): string {
    return `${this.applied}.last`;
  }

  private get nextApplied(): string {
    return `${this.applied}.next`;
  }

  private get kept(): WorkFiles | undefined {
    return filesIn(this.applied) ?? filesIn(this.nextApplied);
  }

  /** Closes what Terraform left here, and may hold secrets, to others than its owner. */
  public close(): void {
    const states = readdirSync(this.path).filter((name) => name.startsWith('errored.tfstate'));
    for (const name of [...states, path.join('.terraform', 'terraform.tfstate')])
      closeToOthers(path.join(this.path, name));
  }

  /** A state that Terraform could not save where it belongs. */
  public get erroredState(): string | undefined {
    const file = path.join(this.path, 'errored.tfstate');
    return existsSync(file) ? file : undefined;
  }

  /** Removes what a run that was cut off left, once it is known that nothing of it is open. */
  public tidy(): void {
    this.journal.finish();
    this.removeFile('saved.plan');
  }

  public get journal(): StackJournal {
    return new StackJournal(this.path);
  }

  /** Adds a file to those of the stack. */
  public add(name: string, text: string): void {
    writeFileSync(path.join(this.path, name), text, { mode: 0o600 });
  }

  public removeFile(name: string): void {
    rmSync(path.join(this.path, name), { force: true });
  }

  public remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.forgetApplied();
  }
}

/** The files of a stack in a folder; undefined where it has none. */
function filesIn(folder: string): WorkFiles | undefined {
  const config = path.join(folder, CONFIG);
  if (!existsSync(config)) return undefined;
  const lock = path.join(folder, LOCK);
  return {
    configText: readFileSync(config, 'utf8'),
    assets: readAssets(folder, [...readdirSync(folder).filter(isRuns), CONFIG, LOCK]),
    ...(existsSync(lock) ? { lockText: readFileSync(lock, 'utf8') } : {}),
  };
}

/** What runs leave beside the files of a stack. */
function isRuns(name: string): boolean {
  return KEPT.has(name) || /^mlterra[-.]|\.plan$|\.tfstate(\.|$)/.test(name);
}
