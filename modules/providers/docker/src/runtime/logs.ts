import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import type { Provision } from '../spec';
import { orMissing } from './connect';

const LINES = 25;
const MAX_CHARACTERS = 4_000;

/** Shorter texts are no secrets, and would make a log unreadable. */
const LEAST_SECRET = 6;
const MASK = '(secret)';

type Waiting = Extract<Provision, { readonly seconds: number }>;

/** The last lines that a container has written, without the secrets it was given. */
export async function lastLines(
  container: Docker.Container,
  provision: Pick<Waiting, 'secretFiles' | 'secretVariables'>,
): Promise<string> {
  const log = await container.logs({ stdout: true, stderr: true, tail: LINES, follow: false });
  const text = demultiplex(log).trimEnd();
  const secrets = await secretsOf(container, provision);
  return mask(text, secrets).slice(-MAX_CHARACTERS);
}

/** A log has frames: a header of eight bytes, the last four of which are the length of what follows. */
function demultiplex(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString();
}

async function secretsOf(
  container: Docker.Container,
  { secretVariables, secretFiles }: Pick<Waiting, 'secretFiles' | 'secretVariables'>,
): Promise<readonly string[]> {
  const { Config } = await container.inspect();
  const variables = (Config.Env ?? [])
    .filter((entry) => secretVariables.includes(entry.slice(0, entry.indexOf('='))))
    .map((entry) => entry.slice(entry.indexOf('=') + 1));
  const files = await Promise.all(secretFiles.map((path) => readFile(container, path)));
  return [...variables, ...files];
}

async function readFile(container: Docker.Container, path: string): Promise<string> {
  const archive = await orMissing(container.getArchive({ path }));
  if (archive === undefined) return '';
  const unpack = extract();
  const found: Promise<Buffer>[] = [];
  unpack.on('entry', (_header, stream, next) => {
    const copy = new PassThrough();
    found.push(buffer(copy));
    stream.on('end', next).pipe(copy);
  });
  await new Promise((resolve, reject) => {
    unpack.on('finish', resolve).on('error', reject);
    archive.on('error', reject).pipe(unpack);
  });
  return Buffer.concat(await Promise.all(found)).toString();
}

/** Hides secrets as a whole, and what looks like one inside of them: long words, passwords in URLs. */
export function mask(text: string, secrets: readonly string[]): string {
  const hidden = secrets
    .flatMap((secret) => [
      secret.trim(),
      ...(secret.match(/[A-Za-z0-9+_-]{16,}/g) ?? []),
      ...[...secret.matchAll(/:([^:@/\s]+)@/g)].map((match) => match[1]!),
    ])
    .filter((secret) => secret.length >= LEAST_SECRET)
    .sort((a, b) => b.length - a.length);
  return hidden.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
