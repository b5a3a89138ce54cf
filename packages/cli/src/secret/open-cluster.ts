import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ClusterRequests } from '@mlterra/sealing';
import { clusterApiMissing, clusterNotSaid } from './errors';
import type { ControllerPlace, NamedCluster } from './sealed-places';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What is used of `@mlterra/kubernetes/cluster-api`. */
interface ClusterApiModule {
  readonly ClusterApi: { open(cluster: NamedCluster & { readonly hint: string }): Promise<ClusterRequests> };
}

/** How a command about secrets is told which cluster. */
const BY_OPTIONS = 'name it by `--kubeconfig <file>` and `--context <name>`';

/**
 * The cluster of a controller: that of the environment, unless options name one.
 * @param otherwise what to do without a cluster
 */
export async function openCluster(
  dir: string,
  controller: ControllerPlace,
  options: ClusterOptions,
  otherwise?: string,
): Promise<ClusterRequests> {
  const hint = otherwise === undefined ? BY_OPTIONS : `${BY_OPTIONS}, or ${otherwise}`;
  return load(dir).ClusterApi.open({ ...clusterOf(controller, options, otherwise), hint });
}

function clusterOf(
  { cluster, stack }: ControllerPlace,
  { kubeconfig, context }: ClusterOptions,
  otherwise: string | undefined,
): NamedCluster {
  const name = context ?? cluster?.context;
  if (name === undefined) throw clusterNotSaid(stack, otherwise);
  const usual = process.env['KUBECONFIG'] || path.join(homedir(), '.kube', 'config');
  return { context: name, kubeconfig: kubeconfig ?? cluster?.kubeconfig ?? usual };
}

/** The packages of the environment are taken: this command works without clusters. */
function load(dir: string): ClusterApiModule {
  try {
    return createRequire(path.join(dir, 'environment.ts'))(
      '@mlterra/kubernetes/cluster-api',
    ) as ClusterApiModule;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') throw clusterApiMissing(dir);
    throw error;
  }
}
