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
import type { MinikubeSettings } from './minikube-settings';

const TOOL = 'minikube';

const DRIVER = '--driver=';

/** The image of a node may have to be pulled. */
const START_SECONDS = 1_200;

/** Clusters made by the command `minikube`, one for each profile. */
export const minikubeMaker: ClusterMaker = {
  tool: TOOL,
  changes: false,
  removal: (name) => `minikube delete --profile ${name}`,

  async check() {
    const version = await runCommand(TOOL, ['version', '--short']);
    if (version.missing) {
      throw toolMissing(TOOL, version.stderr, 'install it: https://minikube.sigs.k8s.io/docs/start/');
    }
  },

  async exists(name) {
    return (await profiles()).includes(name);
  },

  targets({ settings }) {
    const { args } = settings as MinikubeSettings;
    const driver = args.find((arg) => arg.startsWith(DRIVER))?.slice(DRIVER.length) ?? 'docker';
    const home = process.env.MINIKUBE_HOME;
    return {
      'container engine of minikube': containerEngineTarget(driver),
      'folder of minikube': {
        value: home || '~/.minikube',
        from: home ? `MINIKUBE_HOME=${home}` : 'MINIKUBE_HOME, which is not set,',
      },
    };
  },

  async make({ name, ports, settings }, kubeconfig) {
    const { args } = settings as MinikubeSettings;
    const published = ports.map((port) => `--ports=127.0.0.1:${port}:${port}`);
    await minikube(
      `make the cluster "${name}"`,
      ['start', ...profile(name), ...args, ...published],
      kubeconfig,
    );
  },

  async start({ name }, kubeconfig) {
    // It keeps what it was made with, and does little where it runs.
    await minikube(`start the cluster "${name}"`, ['start', ...profile(name)], kubeconfig);
    await minikube(`write ${kubeconfig.kubeconfig}`, ['update-context', `--profile=${name}`], kubeconfig);
  },

  async remove({ name }, kubeconfig) {
    await minikube(`remove the cluster "${name}"`, ['delete', `--profile=${name}`], kubeconfig);
  },
};

function profile(name: string): readonly string[] {
  return [`--profile=${name}`, '--interactive=false', '--wait=all'];
}

interface Profiles {
  readonly valid?: readonly { readonly Name: string }[] | null;
  /** Half made ones among them. */
  readonly invalid?: readonly { readonly Name: string }[] | null;
}

/** Without any profile it ends with an error, but prints an answer all the same. */
async function profiles(): Promise<readonly string[]> {
  const result = await runCommand(TOOL, ['profile', 'list', '--light', '--output=json']);
  try {
    const { valid, invalid } = JSON.parse(result.stdout) as Profiles;
    return [...(valid ?? []), ...(invalid ?? [])].map(({ Name }) => Name);
  } catch {
    throw toolFailed(TOOL, 'list its clusters', lastOutput(result));
  }
}

async function minikube(
  what: string,
  args: readonly string[],
  { kubeconfig }: Kubeconfig,
): Promise<CommandResult> {
  const variables = { KUBECONFIG: kubeconfigPath(kubeconfig) };
  const result = await runCommand(TOOL, args, { variables, timeoutSeconds: START_SECONDS });
  if (result.code === 0) return result;
  throw toolFailed(TOOL, what, lastOutput(result), 'see what it says: minikube status, minikube logs');
}
