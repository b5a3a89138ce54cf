import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEnvironment, localState, type Stack } from '@mlterra/core';
import type { MadeCluster } from '@mlterra/kubernetes/local';
import { FakeCommands, resourcesOf, synthEnvironment } from '@mlterra/testing';
import { K3sCluster, type ExistingK3sProps, type K3sClusterProps } from './index';
import { k3sMaker } from './k3s-maker';
import { writeRegistries } from './registries';

const kubeconfig = { kubeconfig: '/etc/rancher/k3s/k3s.yaml', context: 'default' };

/** What the stack of a cluster hands to its provisioner. */
function desired(build: (stack: ConstructorParameters<typeof K3sCluster>[0]) => unknown) {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build: (stage) => void build(stage.stack('cluster')),
  });
  const stack = synthEnvironment(environment)['dev/cluster']!;
  return (
    resourcesOf(stack, 'terraform_data').cluster as unknown as {
      triggers_replace: { make: MadeCluster | null; kubeconfig: string; context: string };
    }
  ).triggers_replace;
}

const made = (props: K3sClusterProps = {}): MadeCluster =>
  desired((stack) => new K3sCluster(stack, 'cluster', props)).make!;

describe('k3sMaker', () => {
  let commands: FakeCommands;
  const before = process.env.INSTALL_K3S_BIN_DIR;

  /**
   * An installer that is fetched as the documentation says, by `curl -sfL https://get.k3s.io`, and read by `sh` from its
   * standard input. It notes what it is told, and leaves an uninstaller.
   */
  beforeEach(() => {
    commands = new FakeCommands();
    process.env.INSTALL_K3S_BIN_DIR = commands.folder;
    const { folder } = commands;
    const installer = [
      'set -e',
      `printf '%s|%s' "$INSTALL_K3S_VERSION" "$*" > "${folder}/installed"`,
      `printf '#!/bin/sh\\nrm -f "$0"\\n' > "${folder}/k3s-uninstall.sh"`,
      `chmod +x "${folder}/k3s-uninstall.sh"`,
    ].join('\n');
    writeFileSync(join(folder, 'installer'), installer);
    commands.add(
      'curl',
      `case "$*" in --version) ;; '-sfL https://get.k3s.io') cat "$folder/installer" ;; *) exit 2 ;; esac`,
    );
    commands.add('systemctl', '[ "$*" = "start k3s" ]');
  });
  afterEach(() => {
    commands.remove();
    if (before === undefined) delete process.env.INSTALL_K3S_BIN_DIR;
    else process.env.INSTALL_K3S_BIN_DIR = before;
  });

  it('installs a version by the script of its documentation, with ports of nodes on loopback only', async () => {
    expect(await k3sMaker.exists('k3s')).toBe(false);
    await k3sMaker.make(made({ version: 'v1.35.4+k3s1', serverArguments: ['--tls-san=laptop'] }), kubeconfig);
    expect(readFileSync(join(commands.folder, 'installed'), 'utf8')).toBe(
      'v1.35.4+k3s1|server --write-kubeconfig-mode=600 --kube-proxy-arg=nodeport-addresses=127.0.0.0/8 ' +
        '--disable=traefik --disable=servicelb --tls-san=laptop',
    );
    expect(await k3sMaker.exists('k3s')).toBe(true);
  });

  it('starts its service, and removes it by what the installer left', async () => {
    const cluster = made();
    await k3sMaker.make(cluster, kubeconfig);
    await k3sMaker.start(cluster, kubeconfig);
    expect(commands.lines()).toContain('systemctl start k3s');
    await k3sMaker.remove(cluster, kubeconfig);
    expect(await k3sMaker.exists('k3s')).toBe(false);
  });

  it('shows what went wrong with the installation', async () => {
    writeFileSync(join(commands.folder, 'installer'), 'echo "[ERROR] Download failed" >&2; exit 1');
    await expect(k3sMaker.make(made(), kubeconfig)).rejects.toThrow(
      /k3s could not be installed:\n.*Download failed[^]*journalctl -u k3s/,
    );
  });

  it('says what is missing to fetch the installer', async () => {
    const cluster = made();
    commands.without('curl');
    const { platform, getuid } = process;
    Object.defineProperty(process, 'platform', { value: 'linux' });
    process.getuid = () => 0;
    try {
      await expect(k3sMaker.check(cluster)).rejects.toThrow(/There is no curl here/);
      process.getuid = () => 1000;
      await expect(k3sMaker.check(cluster)).rejects.toThrow(/by root only[^]*fromExisting/);
      Object.defineProperty(process, 'platform', { value: 'darwin' });
      await expect(k3sMaker.check(cluster)).rejects.toThrow(/this machine is darwin[^]*@mlterra\/kind/);
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
      process.getuid = getuid;
    }
  });
});

describe('writeRegistries', () => {
  it('names a registry of this machine, and leaves the file of somebody else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-k3s-'));
    try {
      const file = join(folder, 'k3s', 'registries.yaml');
      writeRegistries(5001, file);
      writeRegistries(5001, file);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
        mirrors: { 'localhost:5001': { endpoint: ['http://localhost:5001'] } },
      });
      writeFileSync(file, 'mirrors: {}\n');
      expect(() => writeRegistries(5001, file)).toThrow(/registries\.yaml is there already/);
      expect(existsSync(file)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('K3sCluster.fromExisting', () => {
  it('is the k3s of this machine unless it is told another cluster', () => {
    const own = desired((stack) => K3sCluster.fromExisting(stack, 'cluster'));
    expect(own).toMatchObject({ ...kubeconfig, make: null });
    const props = { kubeconfig: '~/.kube/config', context: 'other' };
    expect(desired((stack) => K3sCluster.fromExisting(stack, 'cluster', props))).toMatchObject(props);
  });

  it('tells the hooks whether the source names the cluster', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-k3s-'));
    const file = join(folder, 'config');
    writeFileSync(file, 'current-context: laptop\n');
    const origin = (build: (stack: Stack) => unknown): unknown => {
      let hooks: Stack['hooks'] = [];
      desired((stack) => {
        build(stack as Stack);
        ({ hooks } = stack as Stack);
      });
      return (hooks[0]!.data as { origin?: string }).origin;
    };
    try {
      expect(origin((stack) => new K3sCluster(stack, 'cluster'))).toBe('made');
      const existing = (props: ExistingK3sProps) =>
        origin((stack) => K3sCluster.fromExisting(stack, 'cluster', props));
      expect(existing({ kubeconfig: file })).toBe('current-context');
      expect(existing({ kubeconfig: file, context: 'laptop' })).toBeUndefined();
      expect(existing({})).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['apiVersion: v1\ncurrent-context: laptop\nkind: Config\n', 'laptop'],
    [
      '{"apiVersion": "v1", "current-context": "arn:aws:eks:eu-1:1:cluster/a"}',
      'arn:aws:eks:eu-1:1:cluster/a',
    ],
    ['apiVersion: v1\ncurrent-context: ""\nkind: Config\n', 'default'],
  ])('takes the current context of a kubeconfig %j', (content, context) => {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-k3s-'));
    try {
      const kubeconfig = join(folder, 'config');
      writeFileSync(kubeconfig, content);
      const own = desired((stack) => K3sCluster.fromExisting(stack, 'cluster', { kubeconfig }));
      expect(own).toMatchObject({ kubeconfig, context });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
