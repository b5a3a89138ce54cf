import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { notAProvider, providerBinaryMissing } from './errors';

/** What Terraform says to a provider so that it serves instead of explaining itself. */
const COOKIE = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
} as const;
const HANDSHAKE = /^1\|(5|6)\|unix\|([^|]+)\|grpc(?:\||$)/;
const HANDSHAKE_MILLISECONDS = 60_000;
const KEPT_CHARACTERS = 2000;
/** Of the output of something that is no provider. */
const SHOWN_LINES = 5;

/**
 * Runs the provider ($1) until this script's standard input closes, which the kernel does however the parent ends;
 * then removes the folder ($2) of its socket and ends the whole process group, whatever the provider started.
 */
const SUPERVISOR = `
exec 3<&0
"$1" </dev/null 3<&- &
provider=$!
exec >/dev/null 2>&1
{ read -r _ <&3; rm -rf -- "$2"; kill -9 0; } &
exec 3<&-
wait "$provider"
rm -rf -- "$2"
kill -9 0
`;

/** A running provider binary. */
export interface PluginProcess {
  readonly binary: string;
  readonly protocol: 5 | 6;
  readonly socket: string;
  /** The last of what it wrote to its standard error. */
  said(): string;
  /** Ends it and removes its socket. */
  stop(): Promise<void>;
}

/**
 * Starts a provider as Terraform does. It sees no credential: its environment has neither the variables nor the
 * home folder of the user; its working folder is its own, so relative paths lead it nowhere. It ends with this process, also when that is killed. Its socket is in a new folder in `parent`;
 * `patience` is how many milliseconds it has to answer.
 */
export async function startPlugin(
  binary: string,
  parent = tmpdir(),
  patience = HANDSHAKE_MILLISECONDS,
): Promise<PluginProcess> {
  const path = resolve(binary);
  if (!isExecutable(path)) throw providerBinaryMissing(path);
  const dir = mkdtempSync(join(parent, 'mlp-'));
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', path, dir], {
    cwd: dir,
    // A signal of the terminal ends this process, and by that the provider.
    detached: true,
    env: {
      ...COOKIE,
      HOME: dir,
      PATH: process.env['PATH'] ?? '',
      PLUGIN_PROTOCOL_VERSIONS: '5,6',
      PLUGIN_UNIX_SOCKET_DIR: dir,
      TMPDIR: dir,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => {
    child.once('close', () => done());
    child.once('error', () => done());
  });
  const said = lastWords(child);
  const stop = async (): Promise<void> => {
    child.stdin?.destroy();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  // An end of the provider closes the pipe this process holds; that is seen elsewhere.
  child.stdin?.on('error', () => undefined);
  try {
    const [, protocol, socket = ''] = await handshake(child, ended, path, said, patience);
    return { binary: path, protocol: protocol === '5' ? 5 : 6, socket, said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-KEPT_CHARACTERS);
  });
  return () => text.trim();
}

/** The one line a provider writes: where it listens, and in which protocol. */
function handshake(
  child: ChildProcess,
  ended: Promise<void>,
  binary: string,
  said: () => string,
  patience: number,
): Promise<RegExpExecArray> {
  return new Promise((done, fail) => {
    let text = '';
    const unfit = (): void => {
      clearTimeout(timer);
      const lines = [text.slice(0, KEPT_CHARACTERS), said()].join('\n').split('\n').filter(Boolean);
      fail(notAProvider(binary, lines.slice(0, SHOWN_LINES).join('\n')));
    };
    const timer = setTimeout(unfit, patience);
    let answered = false;
    child.stdout?.on('data', (chunk: Buffer) => {
      if (answered) return;
      text += chunk.toString();
      if (!text.includes('\n') && text.length < KEPT_CHARACTERS) return;
      answered = true;
      const match = HANDSHAKE.exec(text.split('\n', 1)[0] ?? '');
      clearTimeout(timer);
      if (match === null) unfit();
      else done(match);
    });
    void ended.then(unfit);
  });
}
