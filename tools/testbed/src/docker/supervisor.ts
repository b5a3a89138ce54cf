/*
 * Keeps the Docker engine for as long as anybody uses it. Users hold a connection to its socket, which the system
 * closes however they end; with the last one, the engine ends and nothing of it is left but images. Started by
 * `startDocker` under a lock, so that there is one on a machine.
 */
import { rmSync, truncateSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { buildCache } from '../go-build';
import { Engine } from './engine';
import { controlSocket, lockFile, logFile } from './folders';
import { Leases } from './leases';
import { onMessage, send, type Question } from './protocol';

const FIRST_LEASE_MILLISECONDS = 10_000;

const leases = new Leases<Socket>();
const sockets = new Set<Socket>();
const notes: string[] = [];
let engine: Engine | undefined;
let isEnding = false;
/** Builds, kills and restarts come one after the other. */
let work: Promise<void> = Promise.resolve();

const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    release(socket);
  });
  onMessage<Question>(socket, (question) => handle(socket, question));
});

function handle(socket: Socket, question: Question): void {
  switch (question.ask) {
    case 'lease': {
      if (question.cache !== buildCache()) {
        send(socket, { otherCache: buildCache() });
        socket.end();
        return;
      }
      for (const note of notes) send(socket, { note });
      let granted = false;
      leases.ask(socket, question, () => {
        granted = true;
        void started.then(
          ({ pid, registry }) => send(socket, { ready: { pid, registry } }),
          () => undefined,
        );
      });
      if (!granted) {
        send(socket, { note: `waiting for the Docker engine, used by process ${leases.users.join(', ')}` });
      }
      return;
    }
    case 'make':
    case 'kill':
    case 'restart': {
      work = work.then(async () => {
        try {
          if (question.ask === 'make') await engine?.make(question.images, (note) => send(socket, { note }));
          else await (question.ask === 'kill' ? engine?.kill() : engine?.restart());
          send(socket, { done: true });
        } catch (error) {
          send(socket, { error: (error as Error).message });
        }
      });
      return;
    }
    case 'end': {
      release(socket);
      if (!isEnding) socket.end();
    }
  }
}

function release(socket: Socket): void {
  leases.end(socket);
  if (leases.isEmpty) void end();
}

/** Takes the engine down, then closes the connections that wait for that. */
async function end(error?: Error): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  // From here on, who wants an engine starts another process, which waits for the lock.
  rmSync(controlSocket(), { force: true });
  server.close();
  await Promise.allSettled([started, work]);
  await engine?.stop();
  for (const socket of sockets) {
    if (error) send(socket, { error: error.message });
    socket.end();
  }
  setTimeout(() => process.exit(error ? 1 : 0), 1000).unref();
}

if (process.argv[2] !== lockFile())
  throw new Error('This is started by startDocker, under the lock of its engine.');
truncateSync(logFile());
rmSync(controlSocket(), { force: true });
server.listen(controlSocket());
// Who started it may have been killed before it could connect.
setTimeout(() => leases.isEmpty && void end(), FIRST_LEASE_MILLISECONDS).unref();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

const started = Engine.start(
  (note) => {
    notes.push(note);
    for (const socket of sockets) send(socket, { note });
  },
  () => void end(new Error('The Docker engine of the test bed has ended.')),
);
started.then(
  (one) => (engine = one),
  (error: Error) => end(error),
);
