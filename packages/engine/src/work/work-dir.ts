import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { JOURNAL_FILES, StackJournal } from '../journal/journal';
import type { Asset } from '../synth/assets';

/** Files Terraform keeps in a working folder across runs. */
const KEPT = new Set<string>(['.terraform', 'errored.tfstate', ...JOURNAL_FILES]);

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

  public constructor(environmentDir: string, stackId: string) {
    this.path = path.join(environmentDir, '.mlterra', 'stacks', stackId);
  }

  /** Writes the files of a stack and removes what an earlier version left. */
  public write(files: WorkFiles): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.path)) {
      if (!KEPT.has(name)) rmSync(path.join(this.path, name), { recursive: true, force: true });
    }
    // Left by a `terraform workspace select` in this folder: it would lead to another state.
    rmSync(path.join(this.path, '.terraform', 'environment'), { force: true });
    for (const asset of files.assets) {
      const target = path.join(this.path, asset.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, asset.content);
    }
    writeFileSync(path.join(this.path, 'cdk.tf.json'), files.configText);
    if (files.overlayText !== undefined)
      writeFileSync(path.join(this.path, 'mlterra.tf.json'), files.overlayText);
    if (files.lockText !== undefined)
      writeFileSync(path.join(this.path, '.terraform.lock.hcl'), files.lockText);
  }

  /** The configuration that was written last, if any. */
  public configText(): string | undefined {
    const file = path.join(this.path, 'cdk.tf.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** A state that Terraform could not save where it belongs. */
  public get erroredState(): string | undefined {
    const file = path.join(this.path, 'errored.tfstate');
    return existsSync(file) ? file : undefined;
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
  }
}
