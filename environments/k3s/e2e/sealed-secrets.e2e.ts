import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lockProviders, succeeded, TemporaryWorkspace, until } from '@mlterra/e2e';
import { chartMirror, startKubernetes, terraformCliConfig, type KubernetesServer } from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';

const IMAGES = [
  'docker.io/bitnami/sealed-secrets-controller:0.38.4',
  'docker.io/library/python:3.11-slim-bookworm',
];
const CLI = join(__dirname, '..', '..', '..', 'packages', 'cli', 'bin', 'mlterra.js');
const CONTROLLER = 'sealed-dev-sealed-secrets';
const TOOL = 'sealed-dev-tool';
const FILE = 'secrets/dev-login.sealed.yaml';

/** Text that shells, Terraform, Helm and Kubernetes would each change. */
const PASSWORD = 'pässwörd-${HOME}-%{if}-{{ .Values }}-$$-$(HOME)-"\\,';

interface Site {
  readonly cluster: KubernetesServer;
  readonly workspace: TemporaryWorkspace;
  kubectl(...args: readonly string[]): string;
}

/** The tests below build on each other: one life of an environment, then of its successor on another cluster. */
describe('sealed secrets, on real clusters', () => {
  let site: Site;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-sealed-e2e-'));
  const backup = join(folder, 'keys.age');
  const passphraseFile = join(folder, 'passphrase');

  async function open(): Promise<Site> {
    const cluster = await startKubernetes({ images: IMAGES });
    terratest.cleanup(() => cluster.stop());
    const workspace = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, 'sealed'),
      env: {
        K3S_KUBECONFIG: cluster.kubeconfig,
        K3S_CONTEXT: cluster.context,
        MLTERRA_CHART_MIRROR: await chartMirror(),
      },
    });
    terratest.cleanup(() => workspace.remove());
    await lockProviders(workspace, 'helm');
    const kubectl = (...args: readonly string[]): string =>
      execFileSync(join(dirname(cluster.kubeconfig), 'bin', 'kubectl'), [...args], {
        encoding: 'utf8',
        env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
      });
    return { cluster, workspace, kubectl };
  }
  const seal = (key: string, input: string): { code: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [CLI, 'secret', 'seal', 'sealed', 'login', key],
      {
        cwd: site.workspace.environment,
        input,
        encoding: 'utf8',
        env: { ...process.env, K3S_KUBECONFIG: site.cluster.kubeconfig, K3S_CONTEXT: site.cluster.context },
      },
    );
    return { code: status, output: stdout + stderr };
  };
  const variable = (name: string): string =>
    site.kubectl('exec', '--namespace', TOOL, 'deployment/server', '--', 'printenv', name).slice(0, -1);
  const keys = (): string[] =>
    site
      .kubectl(
        ...['get', 'secrets', '--namespace', CONTROLLER, '--output', 'name'],
        ...['--selector', 'sealedsecrets.bitnami.com/sealed-secrets-key'],
      )
      .trim()
      .split('\n');
  const restartController = (): void => {
    site.kubectl('rollout', 'restart', 'deployment/sealed-secrets', '--namespace', CONTROLLER);
    site.kubectl(
      'rollout',
      'status',
      'deployment/sealed-secrets',
      '--namespace',
      CONTROLLER,
      '--timeout=60s',
    );
  };
  /** Whether the controller makes the Secret again from the SealedSecret. */
  const isOpenedAgain = async (): Promise<void> => {
    site.kubectl('delete', 'secret', 'login', '--namespace', TOOL);
    await until('the Secret is made again', () =>
      site.kubectl('get', 'secrets', '--namespace', TOOL, '--output', 'name').includes('secret/login'),
    );
  };

  beforeAll(async () => {
    terratest.cleanup(() => rmSync(folder, { recursive: true, force: true }));
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('helm');
    writeFileSync(passphraseFile, 'correct horse battery staple\n');
    site = await open();
  });

  it('the operator is applied before anything is sealed, and the stack that lacks it says what to do', async () => {
    const run = await site.workspace.run('apply', '--json');
    expect(run.code).not.toBe(0);
    expect(run.statuses()).toMatchObject({
      'sealed/dev/sealed-secrets': 'applied',
      'sealed/dev/tool': 'failed',
    });
    expect(run.output).toContain(`there is no sealed file ${FILE}`);
    expect(run.output).toContain('mlterra secret seal sealed login user -c dev');
  });

  it('a value from standard input is sealed for git, and its pod reads it, byte for byte', async () => {
    expect(seal('password', `${PASSWORD}\n`)).toEqual({
      code: 0,
      output: `sealed password for ${TOOL}/login in ${FILE}\n`,
    });
    expect(seal('user', 'ada').code).toBe(0);
    succeeded(await site.workspace.run('apply', '--json'));
    expect(variable('PASSWORD')).toBe(PASSWORD);
    expect(variable('URL')).toBe(`db://ada:${PASSWORD}@db.example.org/$(HOME)`);
  });

  it('nothing of it is in any file of the workspace, states included', () => {
    const found = spawnSync('grep', [
      '--recursive',
      '--files-with-matches',
      'pässwörd',
      site.workspace.environment,
    ]);
    expect([found.status, found.stdout.toString()]).toEqual([1, '']);
  });

  it('is unchanged when applied again', async () => {
    const run = await site.workspace.run('apply', '--json');
    succeeded(run);
    expect(Object.values(run.statuses())).toEqual(Object.values(run.statuses()).map(() => 'unchanged'));
  });

  it('a new value makes new pods with it', async () => {
    seal('password', 'second');
    succeeded(await site.workspace.run('apply', '--json'));
    await until('the pod has the new value', () => variable('PASSWORD') === 'second');
  });

  it('a renewed key still opens what was sealed before; what is rotated needs the new one only', async () => {
    const before = keys();
    site.workspace.edit((source) =>
      source.replace(
        'values: {}',
        `values: { keycutofftime: '${new Date().toUTCString().replace('GMT', '+0000')}' }`,
      ),
    );
    succeeded(await site.workspace.run('apply', '--json'));
    await until('there is another key', () => keys().length === before.length + 1);
    await isOpenedAgain();
    const file = join(site.workspace.environment, FILE);
    const old = readFileSync(file, 'utf8');
    const run = await site.workspace.run('secret', 'rotate', 'sealed');
    succeeded(run);
    expect(run.output).toBe(`sealed again ${FILE}\n`);
    expect(readFileSync(file, 'utf8')).not.toBe(old);
    succeeded(await site.workspace.run('apply', '--json'));
    for (const key of before) site.kubectl('delete', key, '--namespace', CONTROLLER);
    restartController();
    await isOpenedAgain();
  });

  it('keys are backed up for whoever has the passphrase', async () => {
    const run = await site.workspace.run(
      ...['secret', 'backup-keys', 'sealed', '--out', backup, '--passphrase-file', passphraseFile],
    );
    succeeded(run);
    expect(run.output).toMatch(/wrote 1 keys of sealed\/dev\/sealed-secrets/);
    expect(run.output).toContain('can open every sealed file');
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(readFileSync(backup, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[\w+/=\n]+-----END/);
  });

  it('on a cluster that lacks them no file opens; with the keys restored it does', async () => {
    const { workspace, cluster } = site;
    await cluster.stop();
    site = await open();
    expect((await site.workspace.run('apply', '--json')).statuses()['sealed/dev/sealed-secrets']).toBe(
      'applied',
    );
    cpSync(join(workspace.environment, 'secrets'), join(site.workspace.environment, 'secrets'), {
      recursive: true,
    });
    const refused = await site.workspace.run('secret', 'rotate', 'sealed');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('dev-login.sealed.yaml: none of its keys fits');

    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'something else entirely');
    const restore = (file: string) =>
      site.workspace.run('secret', 'restore-keys', 'sealed', backup, '--passphrase-file', file);
    const closed = await restore(wrong);
    expect([closed.code, closed.output]).toEqual([1, expect.stringContaining('keys.age cannot be opened')]);
    const restored = await restore(passphraseFile);
    succeeded(restored);
    expect(restored.output).toBe('restored 1 keys; 1 were there already\n');
    expect((await restore(passphraseFile)).output).toBe('restored 0 keys; 2 were there already\n');
    succeeded(await site.workspace.run('apply', '--json'));
    expect(variable('PASSWORD')).toBe('second');
  });

  it('a cluster without the controller is told apart from one that is not there', async () => {
    succeeded(await site.workspace.run('destroy', '-c', 'dev', '--yes', '--json'));
    expect(seal('password', 'x').output).toContain(
      `The Sealed Secrets controller "sealed-secrets" in the namespace "${CONTROLLER}" does not answer: there is no such service.`,
    );
    await site.cluster.stop();
    expect(seal('password', 'x').output).toMatch(/There is no kubeconfig|cannot be reached/);
  });
});
