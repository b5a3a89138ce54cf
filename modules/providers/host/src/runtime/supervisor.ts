import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolderUnusable, supervisorFailed } from '../errors';
import { writeAtomically } from './atomic-file';
import { processEnvironment } from './child-environment';
import { lastOutput, runCommand, type CommandResult } from './command';
import type { DataFolder } from './data-folder';
import { processesWith } from './marked-processes';
import { mainConfig } from './supervisor-config';
import type { Tools } from './tools';

const START_SECONDS = 20;
const SHUTDOWN_SECONDS = 90;

/** It answers some orders only when the processes they end have ended. */
const ANSWER_SECONDS = 600;

/** Variable by which the supervisor of a data folder is known before it answers. */
const MARK = 'MLTERRA_SUPERVISES';

export type ProgramState =
  'STOPPED' | 'STARTING' | 'RUNNING' | 'BACKOFF' | 'STOPPING' | 'EXITED' | 'FATAL' | 'UNKNOWN';

/** supervisord of one environment. */
export class Supervisor {
  private readonly config: string;

  public constructor(
    private readonly data: DataFolder,
    private readonly tools: Tools,
  ) {
    this.config = data.path('supervisor', 'supervisord.conf');
  }

  /** Whether it answers; waits for one that is starting. */
  public isUp(): Promise<boolean> {
    return isUpOrStarting(this.data);
  }

  /** Starts it, unless it runs. It outlives whoever starts it. */
  public async ensureUp(): Promise<void> {
    if (await this.isUp()) return;
    this.prepareRuntimeFolder();
    mkdirSync(this.data.configFolder, { recursive: true, mode: 0o700 });
    writeAtomically(this.config, mainConfig(this.data));
    const result = await new Promise<CommandResult>((resolve) => {
      const home = this.data.path('home');
      mkdirSync(home, { recursive: true, mode: 0o700 });
      // It goes to the background by itself once its configuration is read and its socket is open.
      const child = spawn(join(this.tools.bin, 'supervisord'), ['--configuration', this.config], {
        cwd: this.data.root,
        env: { ...processEnvironment(home), [MARK]: this.data.root },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const end = (code: number, problem: string) => {
        clearTimeout(timer);
        // What it runs may hold them open.
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, stdout: output, stderr: problem });
      };
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        end(-1, `it did not come up within ${START_SECONDS} s`);
      }, START_SECONDS * 1000);
      child.on('error', (error) => end(-1, error.message));
      child.on('exit', (code) => setImmediate(() => end(code ?? -1, '')));
    });
    if (result.code !== 0) throw supervisorFailed('start', lastOutput(result));
    if (!(await waitUntil(() => isSupervisorUp(this.data), START_SECONDS))) {
      throw supervisorFailed('start', `no answer on ${this.data.socket} within ${START_SECONDS} s`);
    }
  }

  /** States by program name. */
  public async states(): Promise<ReadonlyMap<string, ProgramState>> {
    const { stdout } = await this.control('status');
    const states = new Map<string, ProgramState>();
    for (const line of stdout.split('\n')) {
      const [, name, state] =
        /^(\S+)\s+(STOPPED|STARTING|RUNNING|BACKOFF|STOPPING|EXITED|FATAL|UNKNOWN)\b/.exec(line) ?? [];
      if (name !== undefined) states.set(name, state as ProgramState);
    }
    return states;
  }

  /** Brings programs in line with their configuration: new ones start, changed ones restart, absent ones stop. */
  public async update(programs: readonly string[]): Promise<void> {
    if (programs.length === 0) return;
    const result = await this.control('update', ...programs);
    const problems = result.stdout
      .split('\n')
      .filter((line) => /^error/i.test(line) && !/no such group/.test(line));
    if (problems.length > 0) throw supervisorFailed('take its configuration over', problems.join('\n'));
  }

  public async restart(programs: readonly string[]): Promise<void> {
    if (programs.length === 0) return;
    await this.control('restart', ...programs);
  }

  /** Ends it with everything it runs. Throws when it does not end. */
  public async shutdown(): Promise<void> {
    if (!(await this.isUp())) return;
    const pid = supervisorPid(this.data);
    await this.control('shutdown');
    await waitForEnd(this.data, pid);
    if (this.data.runtimeFolder !== this.data.path('supervisor')) {
      rmSync(this.data.runtimeFolder, { recursive: true, force: true });
    }
  }

  private async control(...args: readonly string[]): Promise<CommandResult> {
    const result = await runCommand(
      join(this.tools.bin, 'supervisorctl'),
      ['--configuration', this.config, ...args],
      {
        environment: processEnvironment(this.data.path('home')),
        cwd: this.data.root,
        timeoutSeconds: ANSWER_SECONDS,
      },
    );
    if (result.code < 0 || /refused connection|no such file|Traceback/.test(result.stdout + result.stderr)) {
      throw supervisorFailed(args[0]!, lastOutput(result));
    }
    return result;
  }

  /** The folder may lie under /tmp, where others can put theirs. */
  private prepareRuntimeFolder(): void {
    const folder = this.data.runtimeFolder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== process.getuid!() || (found.mode & 0o077) !== 0) {
      throw dataFolderUnusable(
        this.data.root,
        `${folder}, for its socket, is not a folder of this account alone`,
      );
    }
  }
}

/** Whether the supervisor of this data folder answers. */
export function isSupervisorUp(data: DataFolder): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(data.socket);
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/**
 * The same, with patience for one that is starting: whoever started it may have been killed, and a second one
 * would run everything twice.
 */
export async function isUpOrStarting(data: DataFolder): Promise<boolean> {
  // What it runs has its variables too, and one of its own.
  const starting = () => processesWith(`${MARK}=${data.root}`, 'SUPERVISOR_ENABLED=1').length > 0;
  await waitUntil(async () => (await isSupervisorUp(data)) || !starting(), START_SECONDS);
  return isSupervisorUp(data);
}

/** Ends a supervisor that cannot be told so: its tools are gone. */
export async function endSupervisorByForce(data: DataFolder): Promise<void> {
  const pid = supervisorPid(data);
  if (pid !== undefined) process.kill(pid, 'SIGTERM');
  await waitForEnd(data, pid);
}

async function waitForEnd(data: DataFolder, pid: number | undefined): Promise<void> {
  const gone = async () => !(await isSupervisorUp(data)) && (pid === undefined || !isAlive(pid));
  if (!(await waitUntil(gone, SHUTDOWN_SECONDS))) {
    throw supervisorFailed('end', `it still runs after ${SHUTDOWN_SECONDS} s (process ${pid ?? 'unknown'})`);
  }
}

function supervisorPid(data: DataFolder): number | undefined {
  if (!existsSync(data.pidFile)) return undefined;
  const pid = Number(readFileSync(data.pidFile, 'utf8').trim());
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}
