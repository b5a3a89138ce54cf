import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 100;

/** A child process, and all that it has printed. */
export class Program {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private printed = '';

  /** @param variables beside them it has only what every program needs */
  public constructor(command: readonly string[], variables: NodeJS.ProcessEnv) {
    const [file, ...args] = command;
    this.child = spawn(file!, args, { env: { HOME: process.env.HOME, LANG: 'C.UTF-8', ...variables } });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.printed += text));
    }
    this.closed = once(this.child, 'close');
  }

  public get output(): string {
    return this.printed;
  }

  /** Waits for its end; returns its exit code. */
  public async end(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  public async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    await this.closed;
  }

  /** Waits until it has printed a text. */
  public async says(text: string): Promise<void> {
    await this.until(() => Promise.resolve(this.printed.includes(text)));
  }

  /** Waits until a URL answers 200. */
  public async answers(url: string): Promise<void> {
    await this.until(async () => {
      const response = await fetch(url).catch(() => undefined);
      return response?.ok === true;
    });
  }

  private async until(found: () => Promise<boolean>): Promise<void> {
    while (!(await found())) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`ended before: ${this.printed}`);
      }
      await delay(POLL_MILLISECONDS);
    }
  }
}
