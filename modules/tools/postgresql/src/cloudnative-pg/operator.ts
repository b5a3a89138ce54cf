import { catalogue } from '@mlterra/catalogue';
import { mergeValues, Stack, type KubernetesCluster, type ValueTree } from '@mlterra/core';
import { Construct } from 'constructs';
import { BarmanCloudPlugin, type BarmanCloudPluginProps } from './barman-plugin';

export interface CloudNativePgOperatorProps {
  readonly platform: KubernetesCluster;
  /** Pods of the operator, of which one works. @default - 2 where the profile asks for high availability, else 1 */
  readonly replicas?: number;
  /** Values of the chart, laid over those that the other properties make. @default - none */
  readonly values?: ValueTree;
}

/** Labels of its pods. */
const LABELS = { 'app.kubernetes.io/name': 'cloudnative-pg' };

const WEBHOOK_PORT = 9443;

/**
 * CloudNativePG, by its own chart, with its CRDs, which stay when it goes. It looks after the servers of all namespaces: one
 * operator in a cluster, in a stack of its own that servers come after.
 */
export class CloudNativePgOperator extends Construct {
  public readonly platform: KubernetesCluster;
  /** Its pods, which connect to those of servers. */
  public readonly pods: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  private barmanPlugin?: BarmanCloudPlugin;

  public constructor(scope: Construct, id: string, props: CloudNativePgOperatorProps) {
    super(scope, id);
    const { platform } = props;
    this.platform = platform;
    this.pods = { namespace: platform.namespaceOf(this), labels: LABELS };
    const { highAvailability } = Stack.ofConstruct(this).profile;
    platform.addChart(this, 'Resource', {
      chart: catalogue.cloudnativePg.chart,
      values: mergeValues(
        {
          replicaCount: props.replicas ?? (highAvailability ? 2 : 1),
          crds: { create: true },
          config: { clusterWide: true },
          resources: {
            requests: { cpu: '50m', memory: '128Mi' },
            limits: { memory: '512Mi' },
          },
        },
        props.values,
      ),
      ports: [{ port: WEBHOOK_PORT, labels: LABELS, from: 'api-server' }],
    });
    // Its servers, and the plugins that it asks.
    platform.addPodPolicy(this, 'Policy', { labels: LABELS, connectsToStage: true });
  }

  /** What backs up servers into object stores and recovers them; in the namespace of the operator, where it looks for it. */
  public addBarmanPlugin(props: BarmanCloudPluginProps): BarmanCloudPlugin {
    this.barmanPlugin ??= new BarmanCloudPlugin(this, 'BarmanPlugin', this.platform, props);
    return this.barmanPlugin;
  }

  public get hasBarmanPlugin(): boolean {
    return this.barmanPlugin !== undefined;
  }
}
