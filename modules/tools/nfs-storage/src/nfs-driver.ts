import { catalogue } from '@mlterra/catalogue';
import {
  isKubernetes,
  mergeValues,
  Stack,
  type KubernetesCluster,
  type Platform,
  type ValueTree,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { platformWithoutCharts } from './errors';

export interface NfsDriverProps {
  /** The cluster whose nodes mount NFS. */
  readonly platform: Platform;
  /** Where the kubelet keeps its files. MicroK8s and k0s have it elsewhere. @default "/var/lib/kubelet" */
  readonly kubeletFolder?: string;
  /** Values of the chart, laid over those that the above make. @default - none */
  readonly values?: ValueTree;
}

/** The name by which StorageClasses and volumes call the driver. */
export const NFS_PROVISIONER = 'nfs.csi.k8s.io';

/**
 * The NFS driver of the Kubernetes storage group, once for a cluster: make it in a stack of its own, of the stage `shared`
 * where stages share the cluster. Its pods mount file systems on the nodes, which takes privileges: its namespace admits
 * them, and should hold nothing else.
 */
export class NfsDriver extends Construct {
  public readonly platform: KubernetesCluster;

  public constructor(scope: Construct, id: string, props: NfsDriverProps) {
    super(scope, id);
    const { platform } = props;
    if (!isKubernetes(platform)) throw platformWithoutCharts(this.node.path, platform.platformKind);
    this.platform = platform;
    const { highAvailability } = Stack.ofConstruct(this).profile;
    platform.addChart(this, 'Resource', {
      chart: catalogue.csiDriverNfs.chart,
      podSecurity: 'privileged',
      // Its pods are in the network of the nodes, where no policy of the cluster reaches.
      connectsTo: [{ kind: 'api-server' }],
      values: mergeValues(
        {
          kubeletDir: props.kubeletFolder ?? '/var/lib/kubelet',
          controller: {
            replicas: highAvailability ? 2 : 1,
            defaultOnDeletePolicy: 'retain',
            enableSnapshotter: false,
          },
          externalSnapshotter: { enabled: false },
          storageClass: { create: false },
        },
        props.values,
      ),
    });
  }

  /** The stack that classes come after. */
  public get stack(): Stack {
    return Stack.ofConstruct(this);
  }
}
