import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lockProviders, succeeded, TemporaryWorkspace, until } from '@mlterra/e2e';
import { chartMirror, startKubernetes, terraformCliConfig, type KubernetesServer } from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';

const CERT_MANAGER = ['controller', 'webhook', 'cainjector', 'startupapicheck'];
const IMAGES = [
  'docker.io/library/traefik:v3.5.0',
  'docker.io/library/python:3.11-slim-bookworm',
  ...CERT_MANAGER.map((component) => `quay.io/jetstack/cert-manager-${component}:v1.21.1`),
];
const AUTHORITY = { namespace: 'tls-dev-cert-manager', name: 'tls-dev-gateway-authority' };
const describeInFull = process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

describeInFull('a gateway with a certificate of cert-manager, on a real cluster', () => {
  let cluster: KubernetesServer;
  let workspace: TemporaryWorkspace;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-tls-e2e-'));
  const authority = join(folder, 'ca.crt');

  const kubectl = (...args: readonly string[]): string =>
    execFileSync(join(dirname(cluster.kubeconfig), 'bin', 'kubectl'), [...args], {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    });
  const curl = (...args: readonly string[]): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(
      'curl',
      ['--silent', '--show-error', '--max-time', '20', ...args],
      { encoding: 'utf8' },
    );
    return { status, output: stdout + stderr };
  };

  beforeAll(async () => {
    terratest.cleanup(() => rmSync(folder, { recursive: true, force: true }));
    terratest.cleanup(() => cluster?.stop());
    terratest.cleanup(() => workspace?.remove());
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('helm');
    cluster = await startKubernetes({ images: IMAGES });
    workspace = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, 'tls'),
      env: {
        K3S_KUBECONFIG: cluster.kubeconfig,
        K3S_CONTEXT: cluster.context,
        MLTERRA_CHART_MIRROR: await chartMirror(),
      },
    });
    await lockProviders(workspace, 'helm');
    succeeded(await workspace.run('apply', '--json'));
  });

  it('is trusted by who trusts the authority, and by nobody else', async () => {
    await until('the authority is there', () =>
      kubectl('get', 'secrets', '--namespace', AUTHORITY.namespace, '--output', 'name').includes(
        `secret/${AUTHORITY.name}\n`,
      ),
    );
    const encoded = kubectl(
      ...['get', 'secret', AUTHORITY.name, '--namespace', AUTHORITY.namespace],
      ...['--output', 'jsonpath={.data.ca\\.crt}'],
    );
    writeFileSync(authority, Buffer.from(encoded, 'base64'));
    await until('the gateway has its certificate', () =>
      curl('--cacert', authority, 'https://localhost:31521/').output.includes('Directory listing'),
    );
    const stranger = curl('https://localhost:31521/');
    expect(stranger.status).not.toBe(0);
    expect(stranger.output).toMatch(/certificate/);
  });

  it('leads plain HTTP to HTTPS', () => {
    const { output } = curl('--head', 'http://localhost:31520/path');
    expect(output).toMatch(/^HTTP\/1\.1 301 /);
    expect(output).toMatch(/^location: https:\/\/localhost:31521\/path\r$/im);
  });

  it('speaks no older TLS than is wanted', () => {
    const { status, output } = curl('--cacert', authority, '--tls-max', '1.2', 'https://localhost:31521/');
    expect(status).not.toBe(0);
    expect(output).toMatch(/protocol version/);
  });

  it('is unchanged when applied again, and leaves nothing', async () => {
    const again = await workspace.run('apply', '--json');
    succeeded(again);
    expect(new Set(Object.values(again.statuses()))).toEqual(new Set(['unchanged']));
    succeeded(await workspace.run('destroy', '-c', 'dev', '--purge', '--yes', '--json'));
    expect(kubectl('get', 'namespaces', '--output', 'name')).not.toContain('tls-dev');
    expect(kubectl('get', 'customresourcedefinitions', '--output', 'name')).toBe('');
  });
});
