import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandName, CommandRequest } from '../command';
import { killTree, processTree, type ProcessIdentity } from '../locks/process-tree';

const ENGINE = path.resolve(__dirname, '../..');

/** A command in a process of its own, or below a shell, as npm starts it. */
export class Child {
  private readonly process: ChildProcess;
  public output = '';
  /** Exit code; null when killed. */
  public readonly ended: Promise<number | null>;

  public constructor(
    command: CommandName,
    request: CommandRequest,
    env: NodeJS.ProcessEnv = {},
    { isBelowShell = false } = {},
  ) {
    const script = `require(${JSON.stringify(ENGINE)}).executeCommand(process.argv[1], JSON.parse(process.argv[2])).then((code) => { process.exitCode = code; });`;
    const words = [process.execPath, '-e', script, command, JSON.stringify(request)];
    // With a command after it, the shell waits instead of becoming the first.
    const [program, ...args] = isBelowShell ? ['sh', '-c', '"$0" "$@"; true', ...words] : words;
    this.process = spawn(program!, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    }
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  /** Id of the process of the command. */
  public get pid(): number {
    return this.process.pid!;
  }

  /** SIGKILL to the whole run, by process tree: the command, the engine, and what they run. */
  public async kill(): Promise<void> {
    killTree(this.pid);
    await this.ended;
  }

  /** A signal to the command alone, as `kill <pid>` sends it. */
  public signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Processes of engines that run now. */
  public engines(): readonly ProcessIdentity[] {
    return processTree(this.pid).filter(({ pid }) => isEngine(pid));
  }
}

/** Providers are programs of another name. */
function isEngine(pid: number): boolean {
  try {
    const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]!;
    return path.basename(program) === 'terraform';
  } catch {
    return false;
  }
}
