import { commandEnvironment } from './command-environment';
import { runCommand } from './run-command';

const KEPT = {
  HTTPS_PROXY: 'http://proxy:3128',
  no_proxy: 'localhost',
  DOCKER_HOST: 'unix:///run/docker.sock',
  KIND_EXPERIMENTAL_PROVIDER: 'podman',
  MINIKUBE_HOME: '/srv/minikube',
  INSTALL_K3S_BIN_DIR: '/opt/bin',
  XDG_RUNTIME_DIR: '/run/user/1000',
};

const DROPPED = {
  MINIKUBE_DRIVER: 'none',
  MINIKUBE_PROFILE: 'other',
  K3S_URL: 'https://other:6443',
  K3S_TOKEN: 'token',
  INSTALL_K3S_EXEC: 'agent',
  INSTALL_K3S_SKIP_START: 'true',
  INSTALL_K3S_VERSION: 'v1.0.0',
  KUBECONFIG: '/other',
  NODE_OPTIONS: '--inspect',
  LD_PRELOAD: '/nosuch.so',
  XDG: 'x',
  MY_DOCKER_HOST: 'x',
};

it('has in it how the network and the container engine are reached, and no flags of the commands', () => {
  expect(commandEnvironment({ ...KEPT, ...DROPPED })).toEqual(KEPT);
});

it('is that of every command, with the variables of the caller on top', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { MINIKUBE_DRIVER: 'none', MINIKUBE_HOME: '/srv/minikube' });
  try {
    const { stdout } = await runCommand('env', [], { variables: { KUBECONFIG: '/mine' } });
    const lines = stdout.split('\n');
    expect(lines).toEqual(expect.arrayContaining(['MINIKUBE_HOME=/srv/minikube', 'KUBECONFIG=/mine']));
    expect(lines.filter((line) => line.startsWith('MINIKUBE_DRIVER='))).toEqual([]);
  } finally {
    for (const name of ['MINIKUBE_DRIVER', 'MINIKUBE_HOME']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
