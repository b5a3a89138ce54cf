import {
  checkNodes,
  clusterName,
  LocalCluster,
  type ExistingClusterProps,
  type LocalClusterProps,
} from '@mlterra/kubernetes/local';
import type { Construct } from 'constructs';
import { kindConfig, type KindConfig } from './kind-config';
import type { KindSettings } from './kind-settings';

const MODULE = '@mlterra/kind';
const KUBECONFIG = '~/.kube/config';

export interface KindClusterProps extends LocalClusterProps {
  /** @default - `<environment>-<stage>` */
  readonly name?: string;
  /** Nodes, of which the first is the control plane. @default 1 */
  readonly nodes?: number;
  /** Image of the nodes, which is the version of Kubernetes. @default - that of the `kind` on this machine */
  readonly nodeImage?: string;
  /** Further fields of kind's configuration. @default - none */
  readonly config?: KindConfig;
  /**
   * Port of this machine on which a registry listens, whose images the nodes pull as `localhost:<port>/…`.
   * @default - there is no registry
   */
  readonly registryPort?: number;
  /** File into which the cluster is written. @default "~/.kube/config" */
  readonly kubeconfig?: string;
}

/**
 * A cluster whose nodes are containers, made by the command `kind`. kind cannot change a cluster: another `publish`, image
 * or number of nodes wants another cluster.
 */
export class KindCluster extends LocalCluster {
  public constructor(scope: Construct, id: string, props: KindClusterProps = {}) {
    const { nodes = 1, nodeImage, config = {}, registryPort = 0, kubeconfig = KUBECONFIG, ...common } = props;
    const name = clusterName(scope, id, props.name);
    checkNodes(scope, id, nodes);
    const published = Object.values(common.publish ?? {});
    const ports = [...published, ...(registryPort === 0 ? [] : [registryPort])];
    const settings: KindSettings = {
      config: kindConfig({ nodes, nodeImage, published, config }),
      registryPort,
    };
    super(scope, id, {
      ...common,
      module: MODULE,
      kubeconfig,
      context: `kind-${name}`,
      make: { name, ports, settings },
    });
  }

  /** A cluster that is there. It is looked at before it is used, and never removed. */
  public static fromExisting(scope: Construct, id: string, props: ExistingClusterProps): LocalCluster {
    return new LocalCluster(scope, id, { ...props, module: MODULE });
  }
}
