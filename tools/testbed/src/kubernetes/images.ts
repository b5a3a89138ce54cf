import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureImages } from '../docker/make-images';
import { startRegistry } from '../docker/registry';
import { imagesFailed, noStandIn } from '../errors';
import { runcWithoutResourceCapability } from '../docker/runc';
import { buildCache } from '../go-build';
import { newFillFolder, removeAbandonedFills } from './abandoned-fills';
import { writeImageArchive, type ProgramImage } from './image-archive';
import { COREDNS_VERSION, kubernetesProgram, programPath, PROVISIONER_VERSION } from './programs';
import { CNI_PLUGINS } from './requirements';

const run = promisify(execFile);

/** Images of the system's own pods; nothing pulls them. */
export const SYSTEM_IMAGES = {
  pauseImage: 'mlterra.dev/testbed/pause:v1',
  coreDnsImage: `mlterra.dev/testbed/coredns:${COREDNS_VERSION}`,
  provisionerImage: `mlterra.dev/testbed/local-path-provisioner:${PROVISIONER_VERSION}`,
} as const;

/**
 * Folder with images as containerd keeps them, which clusters share: made on first use, and again when an image has
 * changed, under a name that says what is in it.
 * @param names of stand-ins, beside the images of the system
 */
export async function imageFolder(names: readonly string[] = []): Promise<string> {
  removeAbandonedFills();
  if (names.length === 0) return systemFolder();
  await ensureImages(names);
  const registry = await startRegistry();
  try {
    const digests = await Promise.all(names.map((name) => manifestDigest(registry.address, name)));
    const label = digest([...names].sort());
    return await folderOf(label, digests, { registry: registry.address, pulled: names });
  } finally {
    await registry.stop();
  }
}

function systemFolder(): Promise<string> {
  return folderOf('system', [], { registry: '', pulled: [] });
}

interface Pull {
  readonly registry: string;
  readonly pulled: readonly string[];
}

async function folderOf(label: string, ids: readonly string[], pull: Pull): Promise<string> {
  const programs = await Promise.all(
    (['node', 'pause', 'coredns', 'local-path-provisioner'] as const).map((name) => kubernetesProgram(name)),
  );
  const folder = join(buildCache(), 'cluster-images', `${label}-${digest([...programs, ...ids])}`);
  if (!existsSync(folder)) await fill(folder, pull);
  return folder;
}

async function manifestDigest(registry: string, name: string): Promise<string> {
  const colon = name.lastIndexOf(':');
  const url = `http://${registry}/v2/${name.slice(0, colon)}/manifests/${name.slice(colon + 1)}`;
  const accept = 'application/vnd.docker.distribution.manifest.v2+json';
  const response = await fetch(url, { method: 'HEAD', headers: { accept } });
  const found = response.headers.get('docker-content-digest');
  if (!response.ok || found === null) throw noStandIn(name);
  return found;
}

async function fill(folder: string, pull: Pull): Promise<void> {
  const work = newFillFolder();
  try {
    const archives = writeSystemArchives(work);
    mkdirSync(join(folder, '..'), { recursive: true });
    const settings = {
      folder: join(work, 'run'),
      images: folder,
      archives,
      ...pull,
      runc: await runcWithoutResourceCapability(),
      cniPlugins: CNI_PLUGINS,
      ...SYSTEM_IMAGES,
    };
    await run(programPath('node'), ['images', JSON.stringify(settings)]);
  } catch (error) {
    throw imagesFailed((error as { stderr?: string }).stderr || String(error));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Writes the images of the system's own pods into a folder, and returns the files. */
export function writeSystemArchives(work: string): string[] {
  const images: readonly ProgramImage[] = [
    {
      names: [SYSTEM_IMAGES.pauseImage],
      programs: { pause: programPath('pause') },
      links: { 'make-volume': 'pause', 'remove-volume': 'pause' },
      entrypoint: ['/pause'],
    },
    {
      names: [SYSTEM_IMAGES.coreDnsImage],
      programs: { coredns: programPath('coredns') },
      entrypoint: ['/coredns'],
    },
    {
      names: [SYSTEM_IMAGES.provisionerImage],
      programs: { 'local-path-provisioner': programPath('local-path-provisioner') },
      entrypoint: ['/local-path-provisioner'],
    },
  ];
  return images.map((image, index) => {
    const file = join(work, `${index}.tar`);
    writeImageArchive(file, image);
    return file;
  });
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

/** Adds the images of an archive (`docker save`, or an OCI layout as tar) to a cluster that runs. */
export async function importImages(runFolder: string, archive: string): Promise<void> {
  const args = ['--address', join(runFolder, 'containerd.sock'), '--namespace', 'k8s.io', 'images', 'import'];
  try {
    await run('ctr', [...args, '--snapshotter', 'overlayfs', archive]);
  } catch (error) {
    throw imagesFailed((error as { stderr?: string }).stderr || String(error));
  }
}

/** Where the folder of a run is made: a short path, for the sockets in it. */
export function newRunFolder(): string {
  return mkdtempSync(join(tmpdir(), 'mlterra-k8s-'));
}
