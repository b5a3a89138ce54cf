import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runcWithoutResourceCapability } from '../docker/runc';
import { commandFailed } from '../errors';
import { buildCache } from '../go-build';
import { moduleKey } from '../module-key';
import { writeSystemArchives, SYSTEM_IMAGES } from '../kubernetes/images';
import { writeImageArchive } from '../kubernetes/image-archive';
import { kubernetesProgram, KUBERNETES_VERSION, programPath } from '../kubernetes/programs';
import { KIND_FOLDER } from './kind';

const run = promisify(execFile);

/** Name under which kind finds the node image; the same as the public one's for that version. */
export const KIND_NODE_IMAGE = `kindest/node:${KUBERNETES_VERSION}`;

const NODE_FOLDER = join(KIND_FOLDER, 'node-image');
const KUBE_PROXY_IMAGE = `registry.k8s.io/kube-proxy:${KUBERNETES_VERSION}`;
/** Debian's client; another one on the PATH may lack what builds need. */
const DOCKER = '/usr/bin/docker';

/**
 * Puts a node image for kind into a Docker engine, and returns its name. It needs no settings of its own: network,
 * storage class and programs are in it. Made on first use, in some minutes, and kept as an archive.
 * @param host as in `DOCKER_HOST`; an engine with the stand-ins
 */
export async function kindNodeImage(host: string): Promise<string> {
  await Promise.all(
    (['kubernetes', 'pause', 'coredns', 'local-path-provisioner'] as const).map((name) =>
      kubernetesProgram(name),
    ),
  );
  const archive = join(buildCache(), `kind-node-${await nodeKey()}`, 'image.tar');
  if (!existsSync(archive)) await make(host, archive);
  await docker(host, 'load', '--input', archive);
  return KIND_NODE_IMAGE;
}

async function nodeKey(): Promise<string> {
  const parts = [
    moduleKey(KIND_FOLDER),
    await runcWithoutResourceCapability(),
    ...(['kubernetes', 'pause', 'coredns', 'local-path-provisioner'] as const).map(programPath),
    storageManifest(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

async function make(host: string, archive: string): Promise<void> {
  const work = mkdtempSync(join(buildCache(), 'kind-node-'));
  try {
    const images = join(work, 'images');
    cpSync(NODE_FOLDER, work, { recursive: true });
    cpSync(programPath('kubernetes'), join(work, 'mlterra-kubernetes'));
    cpSync(await runcWithoutResourceCapability(), join(work, 'runc'));
    copyKindFiles(await kindModule(), join(work, 'kind-files'));
    const kind = join(work, 'files', 'kind');
    writeFileSync(join(kind, 'version'), KUBERNETES_VERSION);
    writeFileSync(join(kind, 'manifests', 'default-storage.yaml'), storageManifest());
    await build(host, work, 'kube-proxy.Dockerfile', KUBE_PROXY_IMAGE);
    mkdirSync(images);
    await docker(host, 'save', '--output', join(images, 'kube-proxy.tar'), KUBE_PROXY_IMAGE);
    await writeImages(images);
    await build(host, work, 'Dockerfile', KIND_NODE_IMAGE);
    mkdirSync(join(archive, '..'), { recursive: true });
    await docker(host, 'save', '--output', `${archive}.${process.pid}`, KIND_NODE_IMAGE);
    renameSync(`${archive}.${process.pid}`, archive);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Archives of the images that kubeadm's and kind's own pods ask for. */
async function writeImages(folder: string): Promise<void> {
  writeSystemArchives(folder);
  const kubeadm = ['config', 'images', 'list', '--kubernetes-version', KUBERNETES_VERSION];
  const { stdout } = await run(programPath('kubernetes'), ['kubeadm', ...kubeadm]);
  const names = stdout.trim().split('\n');
  const nameOf = (part: string): string[] => names.filter((name) => name.includes(`/${part}:`));
  const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  const binary = 'usr/local/bin/mlterra-kubernetes';
  writeImageArchive(join(folder, 'control-plane.tar'), {
    names: programs.flatMap(nameOf),
    programs: { [binary]: programPath('kubernetes') },
    links: Object.fromEntries(programs.map((name) => [`usr/local/bin/${name}`, 'mlterra-kubernetes'])),
    entrypoint: [],
  });
  writeImageArchive(join(folder, 'coredns.tar'), {
    names: nameOf('coredns'),
    programs: { coredns: programPath('coredns') },
    entrypoint: ['/coredns'],
  });
  writeImageArchive(join(folder, 'pause.tar'), {
    names: [...nameOf('pause'), 'registry.k8s.io/pause:3.10'],
    programs: { pause: programPath('pause') },
    entrypoint: ['/pause'],
  });
}

/** The provisioner of the test cluster, as kind's own storage class. */
function storageManifest(): string {
  const template = readFileSync(join(KIND_FOLDER, '..', 'node', 'files', 'storage.yaml'), 'utf8');
  return template
    .replaceAll('{{.Volumes}}', '/var/local-path-provisioner')
    .replaceAll('{{.StorageClass}}', 'standard')
    .replaceAll('{{.PauseImage}}', SYSTEM_IMAGES.pauseImage)
    .replaceAll('{{.ProvisionerImage}}', SYSTEM_IMAGES.provisionerImage);
}

/** Folder of kind's source, which has the files of its node image. */
async function kindModule(): Promise<string> {
  const cwd = join(KIND_FOLDER, 'command');
  await run('go', ['mod', 'download', 'sigs.k8s.io/kind'], { cwd });
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kind'], { cwd });
  return stdout.trim();
}

/** Files of a module are read-only; those of an image are not. */
function copyKindFiles(module: string, target: string): void {
  cpSync(join(module, 'images', 'base', 'files'), target, { recursive: true });
  chmodSync(target, 0o755);
  for (const name of readdirSync(target, { recursive: true }) as string[]) {
    const path = join(target, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}

function build(host: string, folder: string, file: string, name: string): Promise<void> {
  return docker(host, 'build', '--network', 'host', '--file', join(folder, file), '--tag', name, folder);
}

async function docker(host: string, ...args: readonly string[]): Promise<void> {
  try {
    await run(DOCKER, ['--host', host, ...args], { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw commandFailed(`docker ${args[0] ?? ''}`, `${stdout}${stderr}`.slice(-4000));
  }
}
