import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDocker, type DockerServer } from '../docker/docker';
import { whyNoDocker } from '../docker/prerequisites';
import { canRunKubernetes } from '../kubernetes';
import { programPath } from '../kubernetes/programs';
import { kindBinary } from './kind';
import { kindNodeImage } from './node-image';

const run = promisify(execFile);

const full =
  process.env['MLTERRA_TEST_FULL'] && canRunKubernetes() && whyNoDocker() === undefined
    ? describe
    : describe.skip;

// The node image is built on first use.
jest.setTimeout(1_200_000);

full('kind, with the node image of the test bed', () => {
  let docker: DockerServer;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-kind-spec-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const name = `spec-${process.pid}`;

  const kind = async (...args: readonly string[]): Promise<void> => {
    const bin = join(folder, 'bin');
    await run(await kindBinary(), [...args, '--name', name, '--kubeconfig', kubeconfig], {
      env: { ...process.env, DOCKER_HOST: docker.host, PATH: `${bin}:${process.env['PATH']}` },
    });
  };
  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run(programPath('kubernetes'), ['kubectl', '--kubeconfig', kubeconfig, ...args])).stdout;

  beforeAll(async () => {
    mkdirSync(join(folder, 'bin'));
    symlinkSync('/usr/bin/docker', join(folder, 'bin', 'docker'));
    docker = await startDocker();
  });

  afterAll(async () => {
    await docker?.stop();
    rmSync(folder, { recursive: true });
  });

  test('creates a cluster without settings for it, and deletes it', async () => {
    await kind('create', 'cluster', '--image', await kindNodeImage(docker.host), '--wait', '300s');
    expect(await kubectl('config', 'current-context')).toBe(`kind-${name}\n`);
    await kubectl(
      'wait',
      '--for=condition=Available',
      'deployment',
      '--all',
      '--all-namespaces',
      '--timeout=300s',
    );
    const storage = await kubectl('get', 'storageclass', '--output', 'name');
    expect(storage).toBe('storageclass.storage.k8s.io/standard\n');
    await kind('delete', 'cluster');
    await expect(kubectl('config', 'current-context')).rejects.toThrow('current-context is not set');
  });
});
