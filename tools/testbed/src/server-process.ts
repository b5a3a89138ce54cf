import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serverFailed } from './errors';

const KEEPER = join(__dirname, '..', 'keeper.js');
const KEPT_OUTPUT = 8192;
const START_MILLISECONDS = 60_000;

export interface ServerProcessProps {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** User and group to run as. @default - the own ones */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Ends the server in order. */
  readonly signal: NodeJS.Signals;
  /** Folders to remove when the server has ended. */
  readonly remove: readonly string[];
  /** Whether the server answers, given what it has printed so far. */
  readonly isReady: (output: string) => boolean | Promise<boolean>;
  /** How long it may take until it answers. @default 60 s */
  readonly startMilliseconds?: number;
}

export interface ServerProcess {
  /** Ends the server and removes its folders. */
  stop(): Promise<void>;
}

/** Starts a server that ends together with this process, even when this one is killed. */
export async function startServerProcess(props: ServerProcessProps): Promise<ServerProcess> {
  const job = {
    command: props.command,
    args: props.args,
    ...props.user,
    signal: props.signal,
    remove: props.remove,
  };
  // A session of its own, so that Ctrl-C in a terminal reaches the keeper as the end of its input only.
  const keeper = spawn(process.execPath, [KEEPER, JSON.stringify(job)], {
    env: props.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  keeper.stdout.on('data', keep);
  keeper.stderr.on('data', keep);
  keeper.stdin.on('error', () => undefined);
  let ended = false;
  // Not 'exit': what was printed last may come after it.
  const exit = once(keeper, 'close').then(() => {
    ended = true;
  });
  const streams = [keeper.stdin, keeper.stdout, keeper.stderr] as unknown as readonly Socket[];
  const stop = async (): Promise<void> => {
    // Its end is told after that of its streams.
    keeper.ref();
    for (const stream of streams) stream.ref();
    keeper.stdin.end();
    await exit;
  };

  const deadline = Date.now() + (props.startMilliseconds ?? START_MILLISECONDS);
  while (!(await props.isReady(output))) {
    if (ended || Date.now() > deadline) {
      await stop();
      throw serverFailed(props.name, output);
    }
    await delay(50);
  }
  // A test that fails before it stops its server still ends, and the server with it.
  keeper.unref();
  for (const stream of streams) stream.unref();
  return { stop };
}
