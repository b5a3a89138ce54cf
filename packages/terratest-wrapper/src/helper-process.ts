import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { callFailed, helperEnded, type HelperFailure } from './errors';
import { realProcess } from './real-process';

/** One call of Terratest, as the Go program takes it. */
export interface HelperRequest {
  readonly call: string;
  /** In words, for messages: `terraform apply in modules/x`. */
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether lines of Terraform and kubectl are printed to standard error as they come. */
  readonly log: boolean;
  /** Whether the call goes on when this process is gone. */
  readonly finish: boolean;
  /** Says whether an answer of a server is the one that is waited for. */
  readonly isExpected?: (status: number, body: string) => boolean;
}

export interface HelperProcess {
  readonly result: Promise<unknown>;
  /** Settles, without an error, when the Go program and with it Terraform has ended. */
  readonly ended: Promise<void>;
  /** Ends the call in order: Terraform gets the signal of Ctrl-C and is waited for. */
  cancel(): void;
}

interface HelperMessage {
  readonly log?: string;
  readonly ask?: { readonly status: number; readonly body: string };
  readonly result?: { readonly value?: unknown };
  readonly error?: HelperFailure;
}

const KEPT_OUTPUT = 8192;

/**
 * Starts the Go program for one call. It leads a process group of its own, so that Ctrl-C in a terminal reaches
 * this process only, which then ends the call in order; its standard input ends with this process.
 */
export function startHelper(binary: string, request: HelperRequest): HelperProcess {
  // The environment goes with the request: Terratest runs `terraform -version` when it is loaded.
  const child = spawn(binary, [], { env: {}, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const write = (line: object): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(line)}\n`);
  };
  let printed = '';
  let thrown: Error | undefined;
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const cancel = (): void => void child.stdin.end();

  const result = new Promise<unknown>((resolve, reject) => {
    child.once('error', (error) => reject(helperEnded(request.what, error.message)));
    child.once('close', () => reject(thrown ?? helperEnded(request.what, printed)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { log, ask, result, error } = JSON.parse(line) as HelperMessage;
      if (log !== undefined) realProcess.stderr.write(log);
      if (result !== undefined) resolve(result.value);
      if (error !== undefined) reject(thrown ?? callFailed(request.what, error));
      if (ask === undefined) return;
      try {
        write({ answer: request.isExpected?.(ask.status, ask.body) ?? true });
      } catch (fault) {
        thrown = fault instanceof Error ? fault : new Error(String(fault));
        cancel();
      }
    });
  });
  // Whoever does not wait for the call is told by its hooks, not by an unhandled rejection.
  result.catch(() => undefined);
  write({
    call: request.call,
    log: request.log,
    finish: request.finish,
    env: definedOf(process.env),
    ...request.body,
  });
  return { result, ended, cancel };
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
