import {
  containerEngineTarget,
  kubeconfigPath,
  lastOutput,
  runCommand,
  toolFailed,
  toolMissing,
  type ClusterMaker,
  type CommandResult,
  type Kubeconfig,
} from '@mlterra/kubernetes/local-runtime';
import { ENGINE, engineName, runEngine } from './engine';
import { connectRegistry, removeRegistry } from './kind-registry';
import type { KindSettings } from './kind-settings';

const TOOL = 'kind';

/** The image of a node may have to be pulled. */
const CREATE_SECONDS = 900;

/** How long kind waits for the control plane. */
const WAIT = '180s';

/** Clusters made by the command `kind`. */
export const kindMaker: ClusterMaker = {
  tool: TOOL,
  changes: false,
  removal: (name) => `kind delete cluster --name ${name}`,

  async check() {
    const version = await runCommand(TOOL, ['version']);
    if (version.missing) {
      throw toolMissing(TOOL, version.stderr, 'install it: https://kind.sigs.k8s.io/docs/user/quick-start/');
    }
    await clusters();
  },

  async exists(name) {
    return (await clusters()).includes(name);
  },

  targets() {
    return { 'container engine of kind': containerEngineTarget(engineName()) };
  },

  async make({ name, settings }, kubeconfig) {
    const { config, registryPort } = settings as KindSettings;
    const args = ['create', 'cluster', '--name', name, '--config', '-', '--wait', WAIT, ...at(kubeconfig)];
    await kind(`make the cluster "${name}"`, args, JSON.stringify(config));
    if (registryPort !== 0) await connectRegistry(name, registryPort, await nodes(name));
  },

  async start({ name }, kubeconfig) {
    const started = await runEngine('start', ...(await nodes(name)));
    if (started.code !== 0) throw toolFailed(ENGINE, `start the nodes of "${name}"`, lastOutput(started));
    await kind(`write ${kubeconfig.kubeconfig}`, ['export', 'kubeconfig', '--name', name, ...at(kubeconfig)]);
  },

  async remove({ name, settings }, kubeconfig) {
    await kind(`remove the cluster "${name}"`, ['delete', 'cluster', '--name', name, ...at(kubeconfig)]);
    if ((settings as KindSettings).registryPort !== 0) await removeRegistry(name);
  },
};

function at({ kubeconfig }: Kubeconfig): readonly string[] {
  return ['--kubeconfig', kubeconfigPath(kubeconfig)];
}

async function clusters(): Promise<readonly string[]> {
  return lines(await kind('ask the container engine', ['get', 'clusters']));
}

async function nodes(name: string): Promise<readonly string[]> {
  return lines(await kind(`list the nodes of "${name}"`, ['get', 'nodes', '--name', name]));
}

function lines({ stdout }: CommandResult): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '');
}

async function kind(what: string, args: readonly string[], input?: string): Promise<CommandResult> {
  const result = await runCommand(TOOL, args, { input, timeoutSeconds: CREATE_SECONDS });
  if (result.code === 0) return result;
  const remedy = 'see that Docker runs and may be used by this account: docker info';
  throw toolFailed(TOOL, what, lastOutput(result), remedy);
}
