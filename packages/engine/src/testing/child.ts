import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandName, CommandRequest } from '../command';
import { processWith, type ProcessIdentity } from '../locks/process-tree';

const ENGINE = path.resolve(__dirname, '../..');

/** A command in a process of its own, or below a shell, as npm starts it. */
export class Child {
  private readonly process: ChildProcess;
  /** A variable that everything has which the command starts, also what is in no tree of it. */
  private readonly mark = `MLTERRA_TEST_CHILD=${randomUUID()}`;
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
      env: { ...process.env, ...env, ...Object.fromEntries([this.mark.split('=')]) },
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

  /** SIGKILL to the whole run: the command, the engine, and what they run. */
  public async kill(): Promise<void> {
    // Stopped first, so that none starts another meanwhile.
    for (let before = -1, found = this.processes(); found.length > before; found = this.processes()) {
      before = found.length;
      for (const pid of found) send(pid, 'SIGSTOP');
    }
    for (const pid of this.processes()) send(pid, 'SIGKILL');
    await this.ended;
  }

  /** A signal to the command alone, as `kill <pid>` sends it. */
  public signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Processes of engines that run now. */
  public engines(): readonly ProcessIdentity[] {
    return this.processes()
      .filter(isEngine)
      .flatMap((pid) => processWith(pid) ?? []);
  }

  /** Processes of the command and of all that it has started, wherever they are. */
  public processes(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => hasVariable(pid, this.mark));
  }
}

function hasVariable(pid: number, variable: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable);
  } catch {
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
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
