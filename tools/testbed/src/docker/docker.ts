import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineFailed, supervisorLost } from '../errors';
import { buildCache } from '../go-build';
import { controlSocket, dockerSocket, lockFile, logFile, runFolder } from './folders';
import type { LeaseMode } from './leases';
import { findProgram, whyNoDocker } from './prerequisites';
import { onMessage, send, type Answer, type Question } from './protocol';

const SUPERVISOR = join(__dirname, '..', '..', 'dist', 'docker', 'supervisor.js');
const CONNECT_MILLISECONDS = 60_000;
const RETRY_MILLISECONDS = 100;

export interface StartDockerOptions {
  /** Whether others may use the engine at the same time. @default 'shared' */
  readonly mode?: LeaseMode;
  /** Told what is being made, when images are missing. @default - nobody */
  readonly note?: (text: string) => void;
}

export interface DockerServer {
  /** Value for `DOCKER_HOST`: `unix:///…/docker.sock`. */
  readonly host: string;
  /** `127.0.0.1:<port>`, plain HTTP; value for `MLTERRA_IMAGE_MIRROR`. */
  readonly registry: string;
  /** Process of the engine at its start. */
  readonly pid: number;
  /** Puts images that are made on demand into the registry; engine 0 only. */
  makeImages(names: readonly string[]): Promise<void>;
  /** Kills the engine and all that runs in containers, as a power cut would. Only with an exclusive lease. */
  kill(): Promise<void>;
  /** Starts the engine after a kill, on the same data. */
  restart(): Promise<void>;
  /** Ends the use of the engine; with the last user, containers, networks, volumes and the engine itself go. */
  stop(): Promise<void>;
}

/**
 * Starts the Docker engine of the test bed, or joins the users of the one that runs. It ends with its last user,
 * even when that one is killed. An engine that is on this machine already is not touched.
 */
export async function startDocker(options: StartDockerOptions = {}): Promise<DockerServer> {
  const refusal = whyNoDocker();
  if (refusal) throw refusal;
  let givenUp = Date.now() + CONNECT_MILLISECONDS;
  for (;;) {
    const socket = await open();
    if (socket) {
      const lease = await ask(socket, options);
      if (lease) return lease;
      // It was ending, or keeps an engine of another cache: a new one starts when it is gone.
      givenUp = Date.now() + CONNECT_MILLISECONDS;
    } else {
      if (Date.now() > givenUp) throw engineFailed(logFile(), 'Nobody answers.');
      launch();
    }
    await delay(RETRY_MILLISECONDS);
  }
}

function open(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(controlSocket());
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** The lock is taken by the command itself: of several at once, all but one end at once. */
function launch(): void {
  // `down` may have removed it since.
  mkdirSync(runFolder(), { recursive: true, mode: 0o700 });
  const log = openSync(logFile(), 'a');
  const supervisor = spawn(
    findProgram('flock') ?? 'flock',
    ['--nonblock', '--no-fork', lockFile(), process.execPath, SUPERVISOR, lockFile()],
    // The variables are handed on in so many words: inside Jest, `process.env` is a copy that Node does not look at.
    { detached: true, stdio: ['ignore', log, log], cwd: '/', env: { ...process.env } },
  );
  supervisor.on('error', () => undefined);
  supervisor.unref();
}

/** Waits for the engine; undefined when the one who keeps it was ending. */
function ask(
  socket: Socket,
  { mode = 'shared', note = () => undefined }: StartDockerOptions,
): Promise<DockerServer | undefined> {
  return new Promise((resolve, reject) => {
    let waiting: ((answer: Answer | undefined) => void) | undefined;
    const question = async (message: Question): Promise<void> => {
      socket.ref();
      const answer = await new Promise<Answer | undefined>((settle) => {
        waiting = settle;
        if (socket.readyState === 'open') send(socket, message);
        else settle(undefined);
      });
      socket.unref();
      if (message.ask === 'end') return;
      if (answer === undefined) throw supervisorLost(logFile());
      if ('error' in answer) throw new Error(answer.error);
    };
    socket.on('error', () => undefined);
    socket.on('close', () => {
      waiting?.(undefined);
      resolve(undefined);
    });
    onMessage<Answer>(socket, (answer) => {
      if ('note' in answer) return note(answer.note);
      waiting?.(answer);
      if ('error' in answer) return reject(new Error(answer.error));
      if ('ready' in answer) {
        // A test that fails before it stops the engine still ends, and its lease with it.
        socket.unref();
        resolve({
          host: `unix://${dockerSocket()}`,
          registry: answer.ready.registry,
          pid: answer.ready.pid,
          makeImages: (images) => question({ ask: 'make', images }),
          kill: () => question({ ask: 'kill' }),
          restart: () => question({ ask: 'restart' }),
          stop: () => question({ ask: 'end' }),
        });
      }
    });
    send(socket, { ask: 'lease', pid: process.pid, mode, cache: buildCache() });
  });
}
