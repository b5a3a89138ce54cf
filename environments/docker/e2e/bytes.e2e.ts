import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lockProviders, leaksOf, succeeded, TemporaryWorkspace } from '@mlterra/e2e';
import { startDocker, terraformCliConfig, type DockerServer } from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';
import { TROUBLESOME_TEXT } from '@mlterra/testing';

/** The tests build on each other: one life of an environment. */
describe('one text in every place, on a real engine', () => {
  const CONTAINER = 'bytes-dev-program';
  let server: DockerServer;
  let workspace: TemporaryWorkspace;

  const docker = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('docker', ['--host', server.host, ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  const read = (path: string): string =>
    Buffer.from(docker('exec', CONTAINER, 'base64', '-w', '0', path), 'base64').toString('utf8');

  beforeAll(async () => {
    terratest.cleanup(() => server?.stop());
    terratest.cleanup(() => workspace?.remove());
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('docker', 'random');
    server = await startDocker();
    workspace = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, 'bytes'),
      env: { DOCKER_HOST: server.host, MLTERRA_IMAGE_MIRROR: server.registry },
    });
    await lockProviders(workspace, 'docker', 'random');
  });

  it('is applied, also for a task that compares', async () => {
    succeeded(await workspace.run('plan', '--json', '--explain'));
    succeeded(await workspace.run('apply', '--verbose'));
  });

  it('arrives byte for byte', () => {
    const [password = ''] = new Set(workspace.secrets().map(({ value }) => value));
    expect(password).toMatch(/^[A-Za-z0-9]{24,}$/);
    expect({ plain: read('/etc/program/plain'), secret: read('/etc/program/secret') }).toEqual({
      plain: TROUBLESOME_TEXT,
      secret: TROUBLESOME_TEXT + password,
    });
    expect(read('/proc/1/cmdline').split('\0')).toContain(TROUBLESOME_TEXT);
    const variables = read('/proc/1/environ').split('\0');
    expect(variables).toContain(`PLAIN=${TROUBLESOME_TEXT}`);
    expect(variables).toContain(`SECRET=${TROUBLESOME_TEXT}${password}`);
  });

  it('is the same when it is applied again', async () => {
    const again = await workspace.run('apply', '--all', '--json');
    expect(again.statuses()).toEqual({ 'bytes/dev/engine': 'unchanged', 'bytes/dev/program': 'unchanged' });
  });

  it('has its secret in no file but the state, and in no output', async () => {
    succeeded(await workspace.run('plan', '--markdown'));
    succeeded(await workspace.run('drift', '--json', '-c', 'dev'));
    succeeded(await workspace.run('output', '--json'));
    expect(leaksOf(workspace, ['.mlterra/state/'])).toEqual([]);
  });
});
