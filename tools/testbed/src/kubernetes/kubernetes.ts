import { join } from 'node:path';
import { runcWithoutResourceCapability } from '../docker/runc';
import { startServerProcess } from '../server-process';
import { imageFolder, importImages, newRunFolder, SYSTEM_IMAGES } from './images';
import { buildKubernetes, programPath } from './programs';
import { CNI_PLUGINS, whyNoKubernetes } from './requirements';

const START_MILLISECONDS = 300_000;

export interface KubernetesOptions {
  /** Names of stand-ins (`IMAGES`) that the node shall have from the start. @default - none */
  readonly images?: readonly string[];
}

export interface KubernetesServer {
  /** Path of a file for `KUBECONFIG`, with a client certificate of the administrator (mode 0600). */
  readonly kubeconfig: string;
  /** Name of the context in it. */
  readonly context: string;
  /** Adds the images of an archive: `docker save`, or an OCI layout as tar. */
  importImages(archive: string): Promise<void>;
  /** Ends every process of the cluster and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes of its own, with one node on which pods really run, on a free port of 127.0.0.1. It lives in
 * namespaces of its own, so that several run side by side. TCP node ports are reached on 127.0.0.1; from within,
 * nothing outside of the cluster is reached.
 */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<KubernetesServer> {
  const reason = whyNoKubernetes();
  if (reason !== undefined) throw reason;
  await buildKubernetes();
  const images = await imageFolder(options.images);
  const folder = newRunFolder();
  const settings = {
    folder,
    images,
    programs: programPath('kubernetes'),
    runc: await runcWithoutResourceCapability(),
    cniPlugins: CNI_PLUGINS,
    ...SYSTEM_IMAGES,
  };
  const server = await startServerProcess({
    name: 'Kubernetes',
    command: programPath('node'),
    args: ['run', JSON.stringify(settings)],
    signal: 'SIGTERM',
    remove: [folder],
    startMilliseconds: START_MILLISECONDS,
    isReady: (output) => /^ready$/m.test(output),
  });
  return {
    kubeconfig: join(folder, 'kubeconfig'),
    context: 'mlterra-testbed',
    importImages: (archive) => importImages(folder, archive),
    stop: () => server.stop(),
  };
}
