import {
  currentContext,
  LocalCluster,
  type ExistingClusterProps,
  type LocalClusterProps,
} from '@mlterra/kubernetes/local';
import type { Construct } from 'constructs';
import type { K3sSettings } from './k3s-settings';

const MODULE = '@mlterra/k3s';

/** Where k3s describes its cluster, and how it calls it. */
const KUBECONFIG = '/etc/rancher/k3s/k3s.yaml';
const CONTEXT = 'default';

/** A machine has one k3s. */
const NAME = 'k3s';

export interface K3sClusterProps extends LocalClusterProps {
  /** Version to install, e.g. `v1.35.4+k3s1`. @default - the newest of the stable channel */
  readonly version?: string;
  /**
   * Components to leave out. Traefik and the load balancer would listen on all addresses of the machine.
   * @default ["traefik", "servicelb"]
   */
  readonly disable?: readonly string[];
  /** Further arguments of `k3s server`. @default - none */
  readonly serverArguments?: readonly string[];
  /**
   * Port of this machine on which a registry of yours listens without TLS; nodes pull its images as `localhost:<port>/…`.
   * @default - there is no such registry
   */
  readonly registryPort?: number;
}

/** A k3s that is there. */
export type ExistingK3sProps = Partial<ExistingClusterProps>;

/**
 * The one k3s of this machine, installed as a service by its own script, by root. New settings are given to it by running
 * the script again. To use a k3s that is there, take `K3sCluster.fromExisting`.
 */
export class K3sCluster extends LocalCluster {
  public constructor(scope: Construct, id: string, props: K3sClusterProps = {}) {
    const {
      version = '',
      disable = ['traefik', 'servicelb'],
      serverArguments = [],
      registryPort = 0,
    } = props;
    const { publish, storageClass, schedulingSeconds } = props;
    const args = [
      '--write-kubeconfig-mode=600',
      // Published ports are those of loopback, not of every address of the machine.
      '--kube-proxy-arg=nodeport-addresses=127.0.0.0/8',
      ...disable.map((component) => `--disable=${component}`),
      ...serverArguments,
    ];
    const settings: K3sSettings = { version, args, registryPort };
    super(scope, id, {
      publish,
      storageClass,
      schedulingSeconds,
      module: MODULE,
      kubeconfig: KUBECONFIG,
      context: CONTEXT,
      make: { name: NAME, ports: Object.values(publish ?? {}), settings },
    });
  }

  /**
   * A k3s, or any other cluster, that is there. It is looked at before it is used, and never removed. Without
   * `kubeconfig` it is the k3s of this machine; without `context` it is the current context of `kubeconfig`.
   */
  public static fromExisting(scope: Construct, id: string, props: ExistingK3sProps = {}): LocalCluster {
    const { kubeconfig = KUBECONFIG, ...common } = props;
    // The own file is not read: an environment is the same where there is no k3s.
    const current = kubeconfig === KUBECONFIG ? CONTEXT : currentContext(kubeconfig);
    const context = props.context ?? current ?? CONTEXT;
    const isCurrentContext = props.context === undefined && kubeconfig !== KUBECONFIG;
    return new LocalCluster(scope, id, { ...common, kubeconfig, context, isCurrentContext, module: MODULE });
  }
}
