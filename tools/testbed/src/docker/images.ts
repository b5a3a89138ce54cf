import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { commandFailed } from '../errors';
import type { EngineApi } from './engine-api';
import { dataFolder } from './folders';
import { DEBIAN, IMAGES, ownCertificates, STAND_INS, type StandIn } from './stand-ins';

const run = promisify(execFile);

/** Raised when the root is made in another way. */
const ROOT_VERSION = '1';

/** What has been made and pushed: image to key. */
type Made = Readonly<Record<string, string>>;

/** Key of every image: a hash of all it is made of. */
export function imageKeys(): Made {
  const keys: Record<string, string> = { [DEBIAN]: ROOT_VERSION };
  for (const { image, folder, from, version = '' } of STAND_INS) {
    const hash = createHash('sha256').update(JSON.stringify([keys[from], version]));
    for (const path of filesOf(folder)) hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
    keys[image] = hash.digest('hex').slice(0, 16);
  }
  return keys;
}

/** Whether images are in the registry, as they would be made now. */
export function areImagesMade(names: readonly string[] = IMAGES): boolean {
  const made = readMade();
  const keys = imageKeys();
  return names.every((name) => keys[name] !== undefined && made[name] === keys[name]);
}

/** Builds those of the named images that are missing or out of date, and puts each into the registry. */
export async function makeImages(
  api: EngineApi,
  registry: string,
  note: (text: string) => void,
  names: readonly string[] = IMAGES,
): Promise<void> {
  const keys = imageKeys();
  for (const image of Object.keys(keys).filter((name) => names.includes(name))) {
    if (readMade()[image] === keys[image] && (await has(api, image))) continue;
    const begin = performance.now();
    const standIn = STAND_INS.find((one) => one.image === image);
    if (standIn === undefined) await importRoot(api, image);
    else await build(api, standIn);
    for (const name of namesInRegistry(image)) await push(api, image, `${registry}/${name}`);
    writeMade({ ...readMade(), [image]: keys[image] ?? '' });
    note(`${image} made in ${Math.round((performance.now() - begin) / 1000)} s`);
  }
}

async function has(api: EngineApi, image: string): Promise<boolean> {
  const query = new URLSearchParams({ filters: JSON.stringify({ reference: [withoutDockerHub(image)] }) });
  return (await api.call<unknown[]>(`/images/json?${query.toString()}`)).length > 0;
}

/**
 * Names under which the registry answers: with the public registry's host, as `MLTERRA_IMAGE_MIRROR` asks, and
 * without, as a mirror that an engine is told of is asked.
 */
export function namesInRegistry(image: string): readonly string[] {
  return [image, image.slice(image.indexOf('/') + 1)];
}

async function importRoot(api: EngineApi, image: string): Promise<void> {
  const folder = mkdtempSync(join(dataFolder(), 'debootstrap-'));
  try {
    const root = join(folder, 'root');
    const mirror = process.env['MLTERRA_TESTBED_DEBIAN'];
    const args = ['--variant=minbase', 'bookworm', root, ...(mirror ? [mirror] : [])];
    await run('debootstrap', args, { maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: { stdout?: string; stderr?: string }) => {
        throw commandFailed('debootstrap', `${error.stdout ?? ''}${error.stderr ?? ''}`.slice(-4000));
      },
    );
    for (const cache of ['var/cache/apt', 'var/lib/apt/lists']) {
      rmSync(join(root, cache), { recursive: true, force: true });
      mkdirSync(join(root, cache), { recursive: true });
    }
    const [repo, tag] = repositoryAndTag(image);
    const query = new URLSearchParams({ fromSrc: '-', repo, tag, changes: 'CMD ["bash"]' });
    await api.follow(`/images/create?${query.toString()}`, { body: tar(root) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build(api: EngineApi, { image, folder, add }: StandIn): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'mlterra-image-'));
  try {
    cpSync(folder, context, { recursive: true });
    await add?.(context);
    const certificates = ownCertificates();
    if (certificates) writeFileSync(join(context, 'ca-bundle.crt'), certificates);
    const index = process.env['PIP_INDEX_URL'];
    const query = new URLSearchParams({
      t: withoutDockerHub(image),
      networkmode: 'host',
      forcerm: '1',
      nocache: '1',
      ...(index && { buildargs: JSON.stringify({ PACKAGE_INDEX: index }) }),
    });
    await api.follow(`/build?${query.toString()}`, {
      headers: { 'content-type': 'application/x-tar' },
      body: tar(context),
    });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

async function push(api: EngineApi, image: string, target: string): Promise<void> {
  const [repo, tag] = repositoryAndTag(target);
  await api.call(`/images/${withoutDockerHub(image)}/tag?${new URLSearchParams({ repo, tag }).toString()}`, {
    method: 'POST',
  });
  try {
    await api.follow(`/images/${repo}/push?${new URLSearchParams({ tag }).toString()}`, {
      headers: { 'x-registry-auth': Buffer.from('{}').toString('base64') },
    });
  } finally {
    await api.call(`/images/${target}?noprune=1`, { method: 'DELETE' });
  }
}

/** The engine leaves Docker Hub's name out of those it keeps. */
export function withoutDockerHub(image: string): string {
  return image.replace(/^docker\.io\/(library\/)?/, '');
}

function repositoryAndTag(image: string): [string, string] {
  const colon = image.lastIndexOf(':');
  return [withoutDockerHub(image.slice(0, colon)), image.slice(colon + 1)];
}

function tar(folder: string): Readable {
  const child = spawn('tar', ['-C', folder, '--numeric-owner', '-c', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.on('error', (error) => child.stdout.destroy(error));
  child.on('exit', (code) => {
    if (code !== 0) child.stdout.destroy(commandFailed('tar', `exit code ${code}`));
  });
  return child.stdout;
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.endsWith('.md'))
    .sort();
}

function madeFile(): string {
  return join(dataFolder(), 'images.json');
}

function readMade(): Made {
  return existsSync(madeFile()) ? (JSON.parse(readFileSync(madeFile(), 'utf8')) as Made) : {};
}

function writeMade(made: Made): void {
  const own = `${madeFile()}.${process.pid}`;
  writeFileSync(own, JSON.stringify(made, undefined, 2));
  renameSync(own, madeFile());
}
