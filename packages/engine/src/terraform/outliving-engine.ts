import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import spawn from 'cross-spawn';
import { processStart } from '../locks/process-start';
import { isAlive, type ProcessIdentity } from '../locks/process-tree';
import { EngineOutput } from './engine-output';
import type { EngineProcess, StartOptions } from './engine-process';

/** The shell ends at once. What it leaves behind has no ancestor, and so is in nobody's process tree. */
const LAUNCHER = '"$@" &';

/**
 * What the shell leaves behind: starts the engine with the variables that come through file 4, which no shell could hand on
 * whatever their names, and notes in file 3 which process it is and how it ended. Where the engine was killed, it ends what
 * the engine had started, all of one process group: a provisioner that went on would do what nobody learns of.
 */
const WAITER = [
  "const { readFileSync, writeSync } = require('node:fs');",
  'const note = (text) => writeSync(3, `${text}\\n`);',
  'const [program, ...args] = process.argv.slice(1);',
  "const env = JSON.parse(readFileSync(4, 'utf8'));",
  "const engine = require('node:child_process').spawn(program, args, { env, stdio: ['ignore', 1, 2] });",
  'if (engine.pid !== undefined) note(`${process.pid} ${engine.pid}`);',
  "engine.on('error', (error) => note(error.message));",
  "process.on('SIGTERM', () => undefined);",
  "engine.on('exit', (code, signal) => {",
  "  if (signal !== null) process.kill(0, 'SIGTERM');",
  "  note(code ?? 128 + require('node:os').constants.signals[signal]);",
  '});',
].join('\n');

const START_POLL_MILLISECONDS = 5;

/** Whether both still live is asked once in so many looks: it may take a process of its own. */
const LOOKS_PER_CHECK = 25;

/** Exit code of a program that was ended by SIGKILL, as shells tell it. */
const KILLED = 137;

/**
 * A program that nobody ends who ends all that he has started, as Nx does after Ctrl-C: it is outside of the process tree of
 * this process.
 */
export class OutlivingEngine implements EngineProcess {
  private looks = 0;

  private constructor(
    private readonly notes: Notes,
    public readonly pid: number,
    public readonly group: number,
    private readonly members: readonly ProcessIdentity[],
  ) {}

  /** @throws the error of the system when it cannot be started */
  public static async start(
    program: string,
    args: readonly string[],
    { cwd, env, output, errors }: StartOptions,
  ): Promise<OutlivingEngine> {
    const notes = new Notes(EngineOutput.unnamed(cwd));
    try {
      const words = [process.execPath, '-e', WAITER, '--', program, ...args];
      const shell = spawn('/bin/sh', ['-c', LAUNCHER, 'sh', ...words], {
        cwd,
        env: {},
        stdio: ['ignore', output, errors, notes.fd, 'pipe'],
        detached: true,
      });
      const variables = shell.stdio[4] as Writable;
      variables.on('error', () => undefined).end(JSON.stringify(env));
      await once(shell, 'exit');
      const first = await notes.first(() => isGroupAlive(shell.pid!));
      const [, waiter, pid] = /^(\d+) (\d+)$/.exec(first ?? '') ?? [];
      if (pid === undefined) throw new Error(first ?? `${program} was killed before it started`);
      const members = [waiter, pid].map((id) => ({
        pid: Number(id),
        started: processStart(Number(id)) ?? '',
      }));
      return new OutlivingEngine(notes, Number(pid), shell.pid!, members);
    } catch (error) {
      notes.close();
      throw error;
    }
  }

  public async wait(milliseconds: number): Promise<number | undefined> {
    const code = this.code();
    if (code !== undefined) return code;
    await sleep(milliseconds);
    return this.code();
  }

  public close(): void {
    this.notes.close();
  }

  private code(): number | undefined {
    const ended = this.notes.line(1);
    if (ended !== undefined) return Number(ended);
    if (++this.looks % LOOKS_PER_CHECK !== 0 || this.members.some(isAlive)) return undefined;
    // The one that waits was killed as well, unless it has noted the end since.
    return Number(this.notes.line(1) ?? KILLED);
  }
}

/** Lines that the waiter writes. */
class Notes {
  private text = '';

  public constructor(private readonly file: EngineOutput) {}

  public get fd(): number {
    return this.file.fd;
  }

  public line(index: number): string | undefined {
    this.text += this.file.read();
    const lines = this.text.split('\n');
    return index < lines.length - 1 ? lines[index] : undefined;
  }

  /** The first line; undefined when those that would write it are gone. */
  public async first(isAwaited: () => boolean): Promise<string | undefined> {
    for (;;) {
      const goesOn = isAwaited();
      const line = this.line(0);
      if (line !== undefined || !goesOn) return line;
      await sleep(START_POLL_MILLISECONDS);
    }
  }

  public close(): void {
    this.file.close();
  }
}

/** Whether a process group has members. */
function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
