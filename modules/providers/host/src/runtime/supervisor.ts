import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolderUnusable, supervisorFailed } from '../errors';
import { writeAtomically } from './atomic-file';
import { processEnvironment } from './child-environment';
import { lastOutput, runCommand, type CommandResult } from './command';
import type { DataFolder } from './data-folder';
import { endProcesses, isAlive, processesWith } from './marked-processes';
import { registeredProcesses } from './registry';
import { forgetStarts } from './starts';
import { mainConfig } from './supervisor-config';
import {
  endSupervisors,
  findSupervisor,
  isSupervisorUp,
  mainConfigFile,
  SHUTDOWN_SECONDS,
  SUPERVISOR_MARK,
  supervisorPids,
  waitUntil,
} from './supervisor-process';
import type { Tools } from './tools';

export { isSupervisorUp } from './supervisor-process';

const START_SECONDS = 20;

/** It answers some orders only when the processes they end have ended. */
const ANSWER_SECONDS = 600;

/** Variable by which orders to the supervisor are known whose sender was killed. */
const ORDER_MARK = 'MLTERRA_CONTROLS';

export type ProgramState =
  'STOPPED' | 'STARTING' | 'RUNNING' | 'BACKOFF' | 'STOPPING' | 'EXITED' | 'FATAL' | 'UNKNOWN';

/** A program as the supervisor sees it. */
export interface ProgramStatus {
  readonly state: ProgramState;
  /** Process id, where it runs. */
  readonly pid?: number;
}

/** supervisord of one environment. To be changed by one run at a time: see `withSupervisor`. */
export class Supervisor {
  private readonly config: string;

  public constructor(
    private readonly data: DataFolder,
    private readonly tools: Tools,
  ) {
    this.config = mainConfigFile(data);
  }

  /** Whether it answers. */
  public isUp(): Promise<boolean> {
    return isSupervisorUp(this.data);
  }

  /**
   * Makes sure that no more than one runs, and that it can be reached: ends one whose socket was lost, with all it
   * runs, and a second one. To be called before anything is changed.
   * @returns whether it had to end the only one
   */
  public async settle(): Promise<boolean> {
    const found = await findSupervisor(this.data);
    if (found.kind === 'unreachable') {
      await endUnreachable(this.data, found.pids);
      return true;
    }
    if (found.kind === 'absent' || found.pids.length < 2) return false;
    const { stdout } = await this.control(['pid']);
    const answering = Number(stdout.trim());
    if (found.pids.includes(answering)) {
      await endUnreachable(
        this.data,
        found.pids.filter((pid) => pid !== answering),
      );
    }
    return false;
  }

  /** Starts it, unless it runs. It outlives whoever starts it. */
  public async ensureUp(): Promise<void> {
    if (await this.isUp()) return;
    // What it starts now says nothing about how well a process ran before.
    for (const { name, process } of registeredProcesses(this.data)) forgetStarts(this.data, name, process);
    this.prepareRuntimeFolder();
    mkdirSync(this.data.configFolder, { recursive: true, mode: 0o700 });
    writeAtomically(this.config, mainConfig(this.data));
    const result = await new Promise<CommandResult>((resolve) => {
      const home = this.data.path('home');
      mkdirSync(home, { recursive: true, mode: 0o700 });
      // It goes to the background by itself once its configuration is read and its socket is open.
      const child = spawn(join(this.tools.bin, 'supervisord'), ['--configuration', this.config], {
        cwd: this.data.root,
        env: { ...processEnvironment(home), [SUPERVISOR_MARK]: this.data.root },
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

  /** The programs it has, by name. */
  public async programs(): Promise<ReadonlyMap<string, ProgramStatus>> {
    const { stdout } = await this.control(['status']);
    const programs = new Map<string, ProgramStatus>();
    for (const line of stdout.split('\n')) {
      const [, name, state, pid] =
        /^(\S+)\s+(STOPPED|STARTING|RUNNING|BACKOFF|STOPPING|EXITED|FATAL|UNKNOWN)\b(?:\s+pid (\d+))?/.exec(
          line,
        ) ?? [];
      if (name === undefined) continue;
      programs.set(name, { state: state as ProgramState, ...(pid !== undefined && { pid: Number(pid) }) });
    }
    return programs;
  }

  /** Brings programs in line with their configuration: new ones start, changed ones restart, absent ones stop. */
  public async update(programs: readonly string[]): Promise<void> {
    if (programs.length === 0) return;
    let problems = await this.tryUpdate(programs);
    if (problems.some((line) => line.includes('STILL_RUNNING'))) {
      await this.untilStopped(programs);
      problems = await this.tryUpdate(programs);
    }
    if (problems.length > 0) throw supervisorFailed('take its configuration over', problems.join('\n'));
  }

  private async tryUpdate(programs: readonly string[]): Promise<string[]> {
    const { stdout } = await this.order('update', ...programs);
    return stdout.split('\n').filter((line) => /^error/i.test(line) && !/no such group/.test(line));
  }

  public async restart(programs: readonly string[]): Promise<void> {
    if (programs.length === 0) return;
    await this.untilStopped(programs);
    await this.order('restart', ...programs);
  }

  /** Ends it with everything it runs. Throws when it does not end. */
  public async shutdown(): Promise<void> {
    const pids = supervisorPids(this.data);
    if (await this.isUp()) {
      await this.order('shutdown');
      const gone = async () => !(await isSupervisorUp(this.data)) && !pids.some(isAlive);
      if (!(await waitUntil(gone, SHUTDOWN_SECONDS))) {
        throw stillRuns(pids.filter(isAlive));
      }
    }
    removeRuntimeFolder(this.data);
  }

  /**
   * Waits for programs that are being stopped: the run that stopped them was killed, and the supervisor neither
   * replaces nor starts a program before its process has ended.
   * @returns the programs as they are then
   */
  public async untilStopped(programs: readonly string[]): Promise<ReadonlyMap<string, ProgramStatus>> {
    let found = await this.programs();
    const stopped = async () => {
      found = await this.programs();
      return !isStopping();
    };
    const isStopping = () => programs.some((program) => found.get(program)?.state === 'STOPPING');
    if (isStopping()) await waitUntil(stopped, ANSWER_SECONDS);
    return found;
  }

  /** Has it change something. A run that is killed leaves its order behind, to be ended by the next one. */
  private order(...args: readonly string[]): Promise<CommandResult> {
    return this.control(args, { [ORDER_MARK]: this.data.root });
  }

  private async control(args: readonly string[], mark: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    // It was lost together with the folder it was in.
    if (!existsSync(this.config)) writeAtomically(this.config, mainConfig(this.data));
    const result = await runCommand(
      join(this.tools.bin, 'supervisorctl'),
      ['--configuration', this.config, ...args],
      {
        environment: { ...processEnvironment(this.data.path('home')), ...mark },
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

/** Ends orders of runs that were killed: they would go on changing what this run changes. */
export async function endForeignOrders(data: DataFolder): Promise<void> {
  await endProcesses(() => processesWith(`${ORDER_MARK}=${data.root}`));
}

/** Ends supervisors that cannot be told so, and what is left of all that they ran. */
export async function endUnreachable(data: DataFolder, pids: readonly number[]): Promise<void> {
  // Not to standard output, which may be a report.
  console.error(
    `Ending the supervisor that does not answer on ${data.socket} (process ${pids.join(', ')}), with its processes`,
  );
  const left = await endSupervisors(pids);
  if (left.length > 0) throw stillRuns(left);
  if (await isSupervisorUp(data)) return;
  removeRuntimeFolder(data);
  await endProcesses(() => processesWith(`MLTERRA_PROCESS_DATA=${data.root}`));
}

function stillRuns(pids: readonly number[]): Error {
  return supervisorFailed('end', `it still runs after ${SHUTDOWN_SECONDS} s (process ${pids.join(', ')})`);
}

function removeRuntimeFolder(data: DataFolder): void {
  if (data.runtimeFolder !== data.path('supervisor')) {
    rmSync(data.runtimeFolder, { recursive: true, force: true });
  }
}
