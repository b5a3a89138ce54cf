import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** One run of a command. */
export interface CommandCall {
  /** The command and its arguments, with spaces between them. */
  readonly line: string;
  /** What it read on its standard input; empty where it did not read. */
  readonly input: string;
}

/**
 * Programs that stand in for ones that a machine may not have: they come first on the `PATH`, and note how they are
 * called. What they answer is up to the test.
 */
export class FakeCommands {
  /** Folder of the programs; tests may keep state for them here. */
  public readonly folder = mkdtempSync(join(tmpdir(), 'mlterra-commands-'));
  private readonly path = process.env.PATH;

  public constructor() {
    process.env.PATH = [join(this.folder, 'bin'), this.path].join(delimiter);
    mkdirSync(join(this.folder, 'bin'));
  }

  /**
   * @param script of `sh`; its arguments are those of the command, `$input` is what came on its standard input, `$folder`
   *   the folder of all
   */
  public add(name: string, script: string): void {
    const file = join(this.folder, 'bin', name);
    const note = [
      `folder='${this.folder}'`,
      'input=""; if [ ! -t 0 ]; then input=$(cat); fi',
      `printf '%s\\0%s\\0' "${name}\${*:+ $*}" "$input" >> "$folder/calls"`,
    ];
    writeFileSync(file, ['#!/bin/sh', ...note, script, ''].join('\n'));
    chmodSync(file, 0o755);
  }

  /** Takes away one program, and all that the machine has. */
  public without(name: string): void {
    rmSync(join(this.folder, 'bin', name), { force: true });
    process.env.PATH = join(this.folder, 'bin');
  }

  /** All calls so far, in their order. */
  public calls(): readonly CommandCall[] {
    const file = join(this.folder, 'calls');
    if (!existsSync(file)) return [];
    const parts = readFileSync(file, 'utf8').split('\0').slice(0, -1);
    return Array.from({ length: parts.length / 2 }, (_, index) => ({
      line: parts[2 * index]!,
      input: parts[2 * index + 1]!,
    }));
  }

  /** Lines of all calls so far. */
  public lines(): readonly string[] {
    return this.calls().map(({ line }) => line);
  }

  public remove(): void {
    process.env.PATH = this.path;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
