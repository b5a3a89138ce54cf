import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { CommandName, CommandRequest } from '../command';

const ENGINE = path.resolve(__dirname, '../..');

/** A command in a process group of its own, so that everything it started can be killed at once. */
export class Child {
  private readonly process: ChildProcess;
  public output = '';
  /** Exit code; null when killed. */
  public readonly ended: Promise<number | null>;

  public constructor(command: CommandName, request: CommandRequest, env: NodeJS.ProcessEnv = {}) {
    const script = `require(${JSON.stringify(ENGINE)}).executeCommand(process.argv[1], JSON.parse(process.argv[2])).then((code) => { process.exitCode = code; });`;
    this.process = spawn(process.execPath, ['-e', script, command, JSON.stringify(request)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    }
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  /** SIGKILL to the whole run: the command, the engine, and what they run. */
  public async kill(): Promise<void> {
    try {
      process.kill(-this.process.pid!, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
    await this.ended;
  }
}
