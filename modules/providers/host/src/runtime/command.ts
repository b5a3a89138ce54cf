import { spawn } from 'node:child_process';

export interface CommandResult {
  /** -1 when the program could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** After this long it is ended, and counts as failed. */
  readonly timeoutSeconds: number;
}

/** Runs a program to its end. Does not throw: what a failure means is known to the caller only. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: options.environment,
      cwd: options.cwd,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const end = (result: CommandResult) => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      // What it has started may hold its output open.
      child.stdout!.destroy();
      child.stderr!.destroy();
      end({ code: -1, stdout, stderr: `${stderr}\nit did not end within ${options.timeoutSeconds} s` });
    }, options.timeoutSeconds * 1000);
    child.on('error', (error) => end({ code: -1, stdout, stderr: stderr + error.message }));
    child.on('close', (code) => end({ code: code ?? -1, stdout, stderr }));
    child.stdin?.on('error', () => undefined).end(options.input);
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
