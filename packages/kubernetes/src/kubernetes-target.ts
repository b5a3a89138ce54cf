import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Targets } from '@mlterra/core';
import { withoutUserInfo } from '@mlterra/core/address';
import { kubeconfigPath } from './cluster-api';
import { variableOverrides } from './errors';
import type { Kubeconfig } from './hook-data';

/** Variables by which Helm's provider prefers another cluster to the one of its configuration. */
const OVERRIDES = ['KUBE_HOST', 'KUBE_CONFIG_PATHS', 'KUBE_CTX_CLUSTER'];

interface KubeconfigFile {
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster?: Cluster }[];
}

interface Cluster {
  readonly server?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'certificate-authority'?: string;
}

/**
 * Where the kubeconfig of the caller leads a stack that uses a cluster which somebody else made. One that the environment
 * made itself is known by its name, which is in the source.
 * @throws MlterraError where a variable would lead Helm past the cluster that the source names
 */
export async function kubernetesTargets(
  cluster: Kubeconfig,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Targets> {
  const { kubeconfig, context, hint, origin } = cluster;
  const override = OVERRIDES.find((variable) => variables[variable]);
  if (override !== undefined) throw variableOverrides(override, kubeconfig, context);
  if (origin === 'made') return {};
  const found = await clusterOf(kubeconfig, context);
  const value = found?.server === undefined ? undefined : withoutUserInfo(found.server).replace(/\/+$/, '');
  const where = `the context "${context}" of ${kubeconfig}`;
  // What the source names is a part of the name: another one there is a change of the source.
  const isOpen = hint !== undefined || origin === 'current-context';
  const target = {
    value,
    ...identityOf(cluster, found),
    from: origin === 'current-context' ? `the current context "${context}" of ${kubeconfig}` : where,
    ...(isOpen ? { inSource: 'kubeconfig and context of the cluster, without a hint' } : {}),
  };
  return { [isOpen ? 'Kubernetes cluster' : `Kubernetes cluster of ${where}`]: target };
}

/** Where the port changes with every start, a cluster is known by the authority that signed its certificates. */
function identityOf(
  { kubeconfig, changesPort }: Kubeconfig,
  cluster: Cluster | undefined,
): { readonly identity?: string } {
  if (changesPort !== true || cluster === undefined) return {};
  const authority = authorityOf(kubeconfig, cluster);
  return authority === undefined ? {} : { identity: createHash('sha256').update(authority).digest('hex') };
}

function authorityOf(kubeconfig: string, cluster: Cluster): Buffer | undefined {
  const { 'certificate-authority-data': data, 'certificate-authority': file } = cluster;
  if (data !== undefined) return Buffer.from(data, 'base64');
  if (file === undefined) return undefined;
  try {
    return readFileSync(resolve(dirname(kubeconfigPath(kubeconfig)), file));
  } catch {
    return undefined;
  }
}

/** Undefined where there is no such file, context or cluster. */
async function clusterOf(kubeconfig: string, context: string): Promise<Cluster | undefined> {
  try {
    const { parse } = await import('yaml');
    const { contexts, clusters } = parse(readFileSync(kubeconfigPath(kubeconfig), 'utf8')) as KubeconfigFile;
    const name = contexts?.find((each) => each.name === context)?.context?.cluster;
    return clusters?.find((each) => each.name === name)?.cluster;
  } catch {
    return undefined;
  }
}
