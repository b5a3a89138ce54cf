import { STAMP_ADDRESS } from '../digest/stamp';
import { endProcesses, groupMembers } from '../locks/process-tree';
import { interruption, isKilling, throwIfInterrupted } from '../run/interruption';
import type { Diagnostic } from './diagnostics';
import { callerArguments } from './caller-arguments';
import type { EngineBinary } from './engine-binary';
import { engineEnvironment } from './engine-environment';
import { EngineOutput } from './engine-output';
import { ChildEngine } from './engine-process';
import { OutlivingEngine } from './outliving-engine';
import { engineEnded, engineStarted, interruptEngines, killEngine, killEngines } from './running-engines';

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
  /** Not ended by whoever ends this process with all that it has started: what changes something. @default false */
  readonly outlives?: boolean;
}

const POLL_MILLISECONDS = 40;

/** Exit codes from here on say that a signal ended the engine. */
const KILLED_FROM = 128;

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
  const start = options.outlives === true ? OutlivingEngine : ChildEngine;
  const child = await start.start(engine.path, [command!, ...callerArguments(args), ...rest], {
    cwd: options.cwd,
    env: { ...engineEnvironment(), ...options.env },
    output: output.fd,
    errors: errors.fd,
  });
  const { pid } = child;
  engineStarted(pid);
  // The signal may have come while the engine was being started.
  if (interruption() !== undefined && options.evenWhenStopping !== true) interruptEngines();
  if (isKilling()) killEngines();
  options.onStart?.(pid);
  const kill = (): void => killEngine(pid);
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
  try {
    while (code === undefined) {
      code = await child.wait(POLL_MILLISECONDS);
      look();
    }
  } finally {
    options.signal?.removeEventListener('abort', kill);
    child.close();
    await engineEnded(pid);
    // Nobody waits any more for the provisioners of one that was killed.
    if (code === undefined || code >= KILLED_FROM) await endProcesses(groupMembers(child.group));
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
