import { catalogue } from '@mlterra/catalogue';
import { mergeValues, Stack, type KubernetesCluster, type ValueTree } from '@mlterra/core';
import { Construct } from 'constructs';

export interface BarmanCloudPluginProps {
  /** cert-manager, which makes the certificates by which the operator and the plugin know each other. */
  readonly certManager: Construct;
  /** Values of the chart, laid over those that are set here. @default - none */
  readonly values?: ValueTree;
}

/** The operator talks to it here. */
const PORT = 9090;

/** The Barman Cloud plugin of CloudNativePG, by its own chart. */
export class BarmanCloudPlugin extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    platform: KubernetesCluster,
    props: BarmanCloudPluginProps,
  ) {
    super(scope, id);
    Stack.ofConstruct(this).addDependency(Stack.ofConstruct(props.certManager));
    platform.addChart(this, 'Resource', {
      chart: catalogue.barmanCloudPlugin.chart,
      values: mergeValues(
        {
          crds: { create: true },
          resources: {
            requests: { cpu: '10m', memory: '64Mi' },
            limits: { memory: '256Mi' },
          },
        },
        props.values,
      ),
      ports: [{ port: PORT, labels: { 'app.kubernetes.io/name': 'plugin-barman-cloud' }, from: 'stage' }],
    });
  }
}
