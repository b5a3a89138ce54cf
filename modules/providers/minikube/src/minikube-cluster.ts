import {
  checkNodes,
  clusterName,
  LocalCluster,
  type ExistingClusterProps,
  type LocalClusterProps,
} from '@mlterra/kubernetes/local';
import type { Construct } from 'constructs';
import type { MinikubeSettings } from './minikube-settings';

const MODULE = '@mlterra/minikube';
const KUBECONFIG = '~/.kube/config';

export interface MinikubeClusterProps extends LocalClusterProps {
  /** Name of the profile. @default - `<environment>-<stage>` */
  readonly name?: string;
  /** What the nodes run in; only containers can publish ports. @default "docker" */
  readonly driver?: 'docker' | 'podman';
  /** Nodes; volumes are on the first one unless the addon `csi-hostpath-driver` is there. @default 1 */
  readonly nodes?: number;
  /** Version of Kubernetes, e.g. `v1.35.0`. @default - that of the `minikube` on this machine */
  readonly kubernetesVersion?: string;
  /** @default - minikube decides */
  readonly cpus?: number;
  /** @default - minikube decides */
  readonly memoryMiB?: number;
  /** Network plugin, e.g. `calico`, which enforces network policies. @default - minikube decides */
  readonly cni?: string;
  /** Addons to enable, e.g. `registry`. @default - minikube's own choice */
  readonly addons?: readonly string[];
  /** File into which the cluster is written. @default "~/.kube/config" */
  readonly kubeconfig?: string;
}

/** A cluster made by the command `minikube`. One that was made otherwise is not changed: it wants another profile. */
export class MinikubeCluster extends LocalCluster {
  public constructor(scope: Construct, id: string, props: MinikubeClusterProps = {}) {
    const { nodes = 1, kubeconfig = KUBECONFIG, publish, storageClass, schedulingSeconds } = props;
    const name = clusterName(scope, id, props.name);
    checkNodes(scope, id, nodes);
    const settings: MinikubeSettings = { args: startArguments({ ...props, nodes }) };
    super(scope, id, {
      publish,
      storageClass,
      schedulingSeconds,
      module: MODULE,
      kubeconfig,
      context: name,
      make: { name, ports: Object.values(publish ?? {}), settings },
    });
  }

  /** A cluster that is there. It is looked at before it is used, and never removed. */
  public static fromExisting(scope: Construct, id: string, props: ExistingClusterProps): LocalCluster {
    return new LocalCluster(scope, id, { ...props, changesPort: true, module: MODULE });
  }
}

function startArguments(props: MinikubeClusterProps & { readonly nodes: number }): readonly string[] {
  const { driver = 'docker', nodes, kubernetesVersion, cpus, memoryMiB, cni, addons = [] } = props;
  return [
    `--driver=${driver}`,
    `--nodes=${nodes}`,
    ...(kubernetesVersion === undefined ? [] : [`--kubernetes-version=${kubernetesVersion}`]),
    ...(cpus === undefined ? [] : [`--cpus=${cpus}`]),
    ...(memoryMiB === undefined ? [] : [`--memory=${memoryMiB}m`]),
    ...(cni === undefined ? [] : [`--cni=${cni}`]),
    ...addons.map((addon) => `--addons=${addon}`),
  ];
}
