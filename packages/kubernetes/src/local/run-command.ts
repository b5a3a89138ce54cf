import { spawn } from 'node:child_process';
import { commandEnvironment } from './command-environment';

export interface CommandResult {
  /** -1 where the program was ended, or could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** There is no such program. */
  readonly missing: boolean;
}

export interface CommandOptions {
  /** Variables beside those that every command gets. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** After this long it is ended. @default 60 */
  readonly timeoutSeconds?: number;
}

const TIMEOUT_SECONDS = 60;

/** Runs a program to its end. Does not throw: what a failure means is known to the caller only. */
export function runCommand(
  program: string,
  args: readonly string[],
  { variables, input, timeoutSeconds = TIMEOUT_SECONDS }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...commandEnvironment(), ...variables },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr, missing] = ['', '', false];
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const end = (code: number): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, missing });
    };
    const timer = setTimeout(() => {
      stderr += `\nit did not end within ${timeoutSeconds} s`;
      child.kill('SIGKILL');
      // What it has started may hold its output open.
      child.stdout!.destroy();
      child.stderr!.destroy();
    }, timeoutSeconds * 1000);
    child.on('error', (error: NodeJS.ErrnoException) => {
      missing = error.code === 'ENOENT';
      stderr += error.message;
      end(-1);
    });
    child.on('close', (code) => end(code ?? -1));
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** The end of what a program said, for an error message. */
export function lastOutput({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-12)
    .join('\n');
}
