import { setTimeout as sleep } from 'node:timers/promises';
import spawn from 'cross-spawn';
import { STAMP_ADDRESS } from '../digest/stamp';
import { throwIfInterrupted } from '../run/interruption';
import type { Diagnostic } from './diagnostics';
import { callerArguments } from './caller-arguments';
import type { EngineBinary } from './engine-binary';
import { engineEnvironment } from './engine-environment';
import { EngineOutput } from './engine-output';
import { engineEnded, engineStarted } from './running-engines';

/** A message of `terraform … -json`; only the fields that are used. */
interface Message {
  readonly type?: string;
  readonly '@message'?: string;
  readonly diagnostic?: Diagnostic;
  readonly hook?: { readonly resource?: { readonly addr?: string } };
}

export interface EngineRun {
  /** Exit code; 128 and more where the engine was killed. */
  readonly code: number;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly log: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface EngineRunOptions {
  readonly cwd: string;
  /** Gets every line of the raw log. @default - nobody */
  readonly onLine?: (line: string) => void;
  /** Gets a short text whenever the engine says what it does. @default - nobody */
  readonly onProgress?: (text: string) => void;
  /** Variables on top; those that are undefined are taken away. @default - none */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the id of the engine's process. @default - nobody */
  readonly onStart?: (pid: number) => void;
  /** Kills the engine at once when it is aborted: for work whose state is of no use afterwards. @default - never */
  readonly signal?: AbortSignal;
  /** File that keeps the standard output. @default - it is not kept */
  readonly outputFile?: string;
  /** Run also after this process was asked to stop: what winds a run down. @default false */
  readonly evenWhenStopping?: boolean;
}

const POLL_MILLISECONDS = 40;

/**
 * Runs the engine to its end. Never throws for a failing engine: the caller looks at the code. The engine is in a session
 * of its own and writes to files: neither a key of the terminal nor the end of this process stops it.
 * @throws MlterraError `interrupted` when this process was asked to stop before the engine was started
 */
export async function runEngine(
  engine: EngineBinary,
  args: readonly string[],
  options: EngineRunOptions,
): Promise<EngineRun> {
  if (options.evenWhenStopping !== true) throwIfInterrupted();
  const { cwd, outputFile } = options;
  const output = outputFile === undefined ? EngineOutput.unnamed(cwd) : EngineOutput.at(outputFile);
  const errors = EngineOutput.unnamed(cwd);
  try {
    return await runWith(engine, args, options, { output, errors });
  } finally {
    output.close();
    errors.close();
  }
}

async function runWith(
  engine: EngineBinary,
  args: readonly string[],
  options: EngineRunOptions,
  { output, errors }: { readonly output: EngineOutput; readonly errors: EngineOutput },
): Promise<EngineRun> {
  const [command, ...rest] = args;
  const child = spawn(engine.path, [command!, ...callerArguments(args), ...rest], {
    cwd: options.cwd,
    env: { ...engineEnvironment(), ...options.env },
    stdio: ['ignore', output.fd, errors.fd],
    detached: true,
  });
  const { pid } = child;
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exit, signal) => resolve(exit ?? (signal === null ? 1 : 128)));
  });
  if (pid !== undefined) {
    engineStarted(pid);
    options.onStart?.(pid);
  }
  const kill = (): void => void child.kill('SIGKILL');
  if (options.signal?.aborted === true) kill();
  options.signal?.addEventListener('abort', kill);
  let stdout = '';
  let log = '';
  const diagnostics: Diagnostic[] = [];
  const onLine = (line: string): void => {
    if (line === '') return;
    options.onLine?.(line);
    const message = parseMessage(line);
    if (message?.diagnostic) diagnostics.push(message.diagnostic);
    if (message?.type?.startsWith('apply_') && message.hook?.resource?.addr !== STAMP_ADDRESS) {
      options.onProgress?.(message['@message'] ?? message.type);
    }
  };
  const lines = splitLines(onLine);
  const errorLines = splitLines(onLine);
  const look = (): void => {
    const written = output.read();
    const complained = errors.read();
    stdout += written;
    log += written + complained;
    lines.add(written);
    errorLines.add(complained);
  };
  let code: number | undefined;
  const watched = ended.then((exit) => (code = exit));
  try {
    while (code === undefined) {
      await Promise.race([watched, sleep(POLL_MILLISECONDS)]);
      look();
    }
  } finally {
    options.signal?.removeEventListener('abort', kill);
    if (pid !== undefined) await engineEnded(pid);
  }
  look();
  lines.end();
  errorLines.end();
  return { code, stdout, log, diagnostics };
}

/** Whether the engine came to its own end, with or without an error: it was not killed, and did not crash. */
export function endedByItself({ code }: EngineRun): boolean {
  return code === 0 || code === 1;
}

function parseMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}

function splitLines(onLine: (line: string) => void): { add(chunk: string): void; end(): void } {
  let rest = '';
  return {
    add(chunk) {
      const parts = (rest + chunk).split(/\r?\n/);
      rest = parts.pop()!;
      parts.forEach(onLine);
    },
    end() {
      onLine(rest);
      rest = '';
    },
  };
}
