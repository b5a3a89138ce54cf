import { imageToPull } from '@mlterra/core/image';
import { lastOutput, toolFailed, type CommandResult } from '@mlterra/kubernetes/local-runtime';
import { ENGINE, runEngine, runInContainer } from './engine';

const IMAGE = 'docker.io/library/registry:3.0.0';

/** The network that kind puts its nodes into. */
const NETWORK = 'kind';

const containerOf = (cluster: string): string => `${cluster}-registry`;

/**
 * Starts a registry on a port of loopback, and tells the nodes of a cluster that `localhost:<port>` is that one, as kind's
 * documentation has it.
 */
export async function connectRegistry(
  cluster: string,
  port: number,
  nodes: readonly string[],
): Promise<void> {
  const name = containerOf(cluster);
  const run = ['run', '--detach', '--restart=always', '--publish', `127.0.0.1:${port}:5000`];
  const step = `make the registry of "${cluster}"`;
  must(step, await runEngine(...run, '--network', NETWORK, '--name', name, imageToPull(IMAGE)));
  for (const node of nodes) {
    const folder = `/etc/containerd/certs.d/localhost:${port}`;
    const hosts = `[host."http://${name}:5000"]\n`;
    must(step, await runInContainer(node, `mkdir -p ${folder} && cat > ${folder}/hosts.toml`, hosts));
  }
  const apply = 'kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f -';
  must(step, await runInContainer(`${cluster}-control-plane`, apply, announcement(port)));
}

export async function removeRegistry(cluster: string): Promise<void> {
  must(
    `remove the registry of "${cluster}"`,
    await runEngine('rm', '--force', '--volumes', containerOf(cluster)),
  );
}

/** How a cluster tells tools of its registry (KEP 1755). */
function announcement(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'local-registry-hosting', namespace: 'kube-public' },
    data: { 'localRegistryHosting.v1': `host: "localhost:${port}"\n` },
  });
}

function must(what: string, result: CommandResult): void {
  if (result.code !== 0) throw toolFailed(ENGINE, what, lastOutput(result));
}
