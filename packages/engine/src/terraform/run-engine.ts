import spawn from 'cross-spawn';
import { STAMP_ADDRESS } from '../digest/stamp';
import type { Diagnostic } from './diagnostics';
import { callerArguments } from './caller-arguments';
import type { EngineBinary } from './engine-binary';
import { engineEnvironment } from './engine-environment';

/** A message of `terraform … -json`; only the fields that are used. */
interface Message {
  readonly type?: string;
  readonly '@message'?: string;
  readonly diagnostic?: Diagnostic;
  readonly hook?: { readonly resource?: { readonly addr?: string } };
}

export interface EngineRun {
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
}

/** Runs the engine to its end. Never throws for a failing engine: the caller looks at the code. */
export async function runEngine(
  engine: EngineBinary,
  args: readonly string[],
  options: EngineRunOptions,
): Promise<EngineRun> {
  const [command, ...rest] = args;
  const child = spawn(engine.path, [command!, ...callerArguments(args), ...rest], {
    cwd: options.cwd,
    env: { ...engineEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
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
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    log += chunk;
    lines.add(chunk);
  });
  const errorLines = splitLines(onLine);
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
    errorLines.add(chunk);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(exit ?? (signal === null ? 1 : 128)));
  });
  options.signal?.removeEventListener('abort', kill);
  lines.end();
  errorLines.end();
  return { code, stdout, log, diagnostics };
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
