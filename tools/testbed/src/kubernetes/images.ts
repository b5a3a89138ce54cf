import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { imagesFailed } from '../errors';
import { runcWithoutResourceCapability } from '../docker/runc';
import { buildCache } from '../go-build';
import { writeImageArchive, type ProgramImage } from './image-archive';
import { COREDNS_VERSION, kubernetesProgram, programPath, PROVISIONER_VERSION } from './programs';
import { CNI_PLUGINS } from './requirements';

const run = promisify(execFile);

/** Images of a Docker engine, which a cluster shall have. */
export interface DockerImages {
  /** As in `DOCKER_HOST`. */
  readonly host: string;
  readonly names: readonly string[];
}

/** Images of the system's own pods; nothing pulls them. */
export const SYSTEM_IMAGES = {
  pauseImage: 'mlterra.dev/testbed/pause:v1',
  coreDnsImage: `mlterra.dev/testbed/coredns:${COREDNS_VERSION}`,
  provisionerImage: `mlterra.dev/testbed/local-path-provisioner:${PROVISIONER_VERSION}`,
} as const;

/**
 * Folder with images as containerd keeps them, which clusters share: made on first use, and again when an image has
 * changed, under a name that says what is in it.
 */
export async function imageFolder(docker?: DockerImages): Promise<string> {
  const programs = await Promise.all(
    (['node', 'pause', 'coredns', 'local-path-provisioner'] as const).map((name) => kubernetesProgram(name)),
  );
  const ids = docker === undefined ? [] : await imageIds(docker);
  const label = docker === undefined ? 'system' : digest([...docker.names].sort());
  const folder = join(buildCache(), 'cluster-images', `${label}-${digest([...programs, ...ids])}`);
  if (!existsSync(folder)) await fill(folder, docker);
  return folder;
}

async function fill(folder: string, docker: DockerImages | undefined): Promise<void> {
  const work = mkdtempSync(join(buildCache(), 'cluster-images-'));
  try {
    const archives = writeSystemArchives(work);
    if (docker !== undefined) archives.push(await saveImages(docker, join(work, 'docker.tar')));
    mkdirSync(join(folder, '..'), { recursive: true });
    const settings = {
      folder: join(work, 'run'),
      images: folder,
      archives,
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

function writeSystemArchives(work: string): string[] {
  const images: readonly ProgramImage[] = [
    {
      name: SYSTEM_IMAGES.pauseImage,
      programs: { pause: programPath('pause') },
      links: { 'make-volume': 'pause', 'remove-volume': 'pause' },
      entrypoint: ['/pause'],
    },
    {
      name: SYSTEM_IMAGES.coreDnsImage,
      programs: { coredns: programPath('coredns') },
      entrypoint: ['/coredns'],
    },
    {
      name: SYSTEM_IMAGES.provisionerImage,
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

async function imageIds({ host, names }: DockerImages): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    try {
      const args = ['--host', host, 'image', 'inspect', '--format', '{{.Id}}', name];
      ids.push((await run('docker', args)).stdout.trim());
    } catch (error) {
      throw imagesFailed((error as { stderr?: string }).stderr || String(error));
    }
  }
  return ids;
}

async function saveImages({ host, names }: DockerImages, file: string): Promise<string> {
  await run('docker', ['--host', host, 'save', '--output', file, ...names]);
  return file;
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
