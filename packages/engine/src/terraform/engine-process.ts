import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import spawn from 'cross-spawn';

export interface StartOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Open files that take its standard output and error. */
  readonly output: number;
  readonly errors: number;
}

/** A program in a session of its own, which reads nothing. */
export interface EngineProcess {
  readonly pid: number;
  /** Process group of it and of what it starts. */
  readonly group: number;
  /** Waits for its end, at most so long. Its exit code, 128 and more where it was killed; undefined while it runs. */
  wait(milliseconds: number): Promise<number | undefined>;
  /** To be called once it has ended. */
  close(): void;
}

/** A program that this process may end. */
export class ChildEngine implements EngineProcess {
  private readonly ended: Promise<number>;
  private code: number | undefined;

  private constructor(
    child: ChildProcess,
    public readonly pid: number,
  ) {
    this.ended = once(child, 'exit').then(
      ([exit, signal]) => (this.code = (exit as number | null) ?? (signal === null ? 1 : 128)),
    );
  }

  /** @throws the error of the system when it cannot be started */
  public static async start(
    program: string,
    args: readonly string[],
    { cwd, env, output, errors }: StartOptions,
  ): Promise<ChildEngine> {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', output, errors],
      detached: true,
    });
    // Without a process it never spawns: what comes is the error.
    if (child.pid === undefined) await once(child, 'spawn');
    return new ChildEngine(child, child.pid!);
  }

  public get group(): number {
    return this.pid;
  }

  public async wait(milliseconds: number): Promise<number | undefined> {
    if (this.code === undefined) await Promise.race([this.ended, sleep(milliseconds)]);
    return this.code;
  }

  public close(): void {
    // There is nothing to close.
  }
}
