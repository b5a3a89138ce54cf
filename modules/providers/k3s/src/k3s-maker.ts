import { existsSync } from 'node:fs';
import {
  lastOutput,
  runCommand,
  toolFailed,
  toolMissing,
  type ClusterMaker,
  type CommandResult,
} from '@mlterra/kubernetes/local-runtime';
import { notLinux, notRoot } from './errors';
import type { K3sSettings } from './k3s-settings';
import { writeRegistries } from './registries';

const TOOL = 'k3s';

/** The script that its documentation names. */
const SCRIPT = 'https://get.k3s.io';

const INSTALL_SECONDS = 900;

/** What the script leaves behind: it is there exactly when k3s was installed by it. */
function uninstaller(): string {
  return `${process.env.INSTALL_K3S_BIN_DIR ?? '/usr/local/bin'}/k3s-uninstall.sh`;
}

/** The k3s of this machine, installed by its own script. */
export const k3sMaker: ClusterMaker = {
  tool: TOOL,
  changes: true,
  removal: () => uninstaller(),

  async check() {
    if (process.platform !== 'linux') throw notLinux(process.platform);
    if (process.getuid!() !== 0) throw notRoot();
    const { missing, stderr } = await runCommand('curl', ['--version']);
    if (missing) throw toolMissing('curl', stderr, 'install it; the installer of k3s needs it too');
  },

  exists() {
    return Promise.resolve(existsSync(uninstaller()));
  },

  async make({ settings }) {
    const { version, args, registryPort } = settings as K3sSettings;
    if (registryPort !== 0) writeRegistries(registryPort);
    const script = await must('fetch its installer', runCommand('curl', ['-sfL', SCRIPT]));
    const variables: Record<string, string> = version === '' ? {} : { INSTALL_K3S_VERSION: version };
    const install = runCommand('sh', ['-s', '-', 'server', ...args], {
      input: script.stdout,
      variables,
      timeoutSeconds: INSTALL_SECONDS,
    });
    await must('be installed', install, 'see what its service says: journalctl -u k3s');
  },

  async start() {
    await must('be started', runCommand('systemctl', ['start', 'k3s']), 'see: journalctl -u k3s');
  },

  async remove() {
    if (!existsSync(uninstaller())) return;
    await must('be removed', runCommand(uninstaller(), [], { timeoutSeconds: INSTALL_SECONDS }));
  },
};

async function must(what: string, running: Promise<CommandResult>, remedy?: string): Promise<CommandResult> {
  const result = await running;
  if (result.code !== 0) throw toolFailed(TOOL, what, lastOutput(result), remedy);
  return result;
}
