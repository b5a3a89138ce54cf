import type { KubernetesObject } from './object';

/** A cluster as a file on this machine names it. */
export interface Kubeconfig {
  /** Path of the file; `~/…` is in the home of whoever runs the engine. */
  readonly kubeconfig: string;
  readonly context: string;
  /**
   * What a person does to name another cluster, where the source takes it from variables.
   * @default - the source names it, by `kubeconfig` and `context`
   */
  readonly hint?: string;
  /**
   * Whether the environment makes the cluster itself, or the context is the current one of the kubeconfig.
   * @default - the source names a context of a cluster that is there
   */
  readonly origin?: 'made' | 'current-context';
  /** Whether the API server gets another port with every start of the cluster. @default false */
  readonly changesPort?: boolean;
}

/** What the hooks are told of a stack. */
export interface HookData {
  readonly namespace: string;
  /** Name of the release, which Helm keeps in the namespace `default`. */
  readonly release: string;
  /** Names of Deployments that must be available. */
  readonly deployments: readonly string[];
  /** Names of claims that are kept with their volumes. */
  readonly volumes: readonly string[];
  /** Names of the releases of charts, which Helm keeps in the namespace. @default - none */
  readonly charts?: readonly string[];
  /** How the engine reaches the cluster; null where it cannot. */
  readonly cluster: Kubeconfig | null;
}

export function hookDataOf(
  { namespace, release, charts }: Pick<HookData, 'namespace' | 'release' | 'charts'>,
  objects: readonly KubernetesObject[],
  cluster: Kubeconfig | undefined,
): HookData {
  const names = (kind: string): string[] =>
    objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
  return {
    namespace,
    release,
    deployments: names('Deployment'),
    volumes: names('PersistentVolumeClaim'),
    ...(charts === undefined || charts.length === 0 ? {} : { charts }),
    cluster: cluster ?? null,
  };
}
