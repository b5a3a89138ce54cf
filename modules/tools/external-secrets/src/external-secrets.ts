import { catalogue } from '@mlterra/catalogue';
import { mergeValues, Stack, type KubernetesCluster, type Peer, type ValueTree } from '@mlterra/core';
import { Construct } from 'constructs';

const NAME = 'external-secrets';
const WEBHOOK_PORT = 10_250;

/** Clouds keep secrets behind addresses of the internet. */
const ANY_HTTPS: Peer = { kind: 'addresses', cidrs: ['0.0.0.0/0'], port: 443 };

export interface ExternalSecretsProps {
  readonly platform: KubernetesCluster;
  /**
   * What it connects to, beside the API server: the `peers` of the stores that it reads from.
   * @default - HTTPS anywhere
   */
  readonly connectsTo?: readonly Peer[];
  /**
   * Whether its definitions of kinds, and with them all stores and external secrets, stay when it is destroyed.
   * @default - as the profile protects what is stateful
   */
  readonly keepDefinitions?: boolean;
  /** Values of the chart, laid over those that are set here. @default - none */
  readonly values?: ValueTree;
}

/**
 * The External Secrets Operator: it reads secrets from stores outside of the cluster and keeps Secrets like them. Stores
 * and secrets go into stacks that come after this one.
 */
export class ExternalSecrets extends Construct {
  public readonly platform: KubernetesCluster;

  public constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    const { platform, connectsTo = [ANY_HTTPS], values } = props;
    const { profile } = Stack.ofConstruct(this);
    const keep = props.keepDefinitions ?? profile.deletionProtection;
    const replicas = profile.highAvailability ? 2 : 1;
    const part = (memory: string): ValueTree => ({
      replicaCount: replicas,
      revisionHistoryLimit: 2,
      resources: { requests: { cpu: '20m', memory }, limits: { memory } },
      podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
    });
    this.platform = platform;
    platform.addChart(this, 'Resource', {
      chart: catalogue.externalSecrets.chart,
      releaseName: NAME,
      values: mergeValues(
        {
          fullnameOverride: NAME,
          ...(part('256Mi') as Record<string, ValueTree>),
          leaderElect: replicas > 1,
          installCRDs: true,
          crds: {
            ...(keep ? { annotations: { 'helm.sh/resource-policy': 'keep' } } : {}),
            // A store for all namespaces lets any of them read all secrets.
            createClusterSecretStore: false,
            createClusterExternalSecret: false,
            createClusterPushSecret: false,
          },
          processClusterStore: false,
          processClusterExternalSecret: false,
          processClusterPushSecret: false,
          webhook: { ...(part('128Mi') as Record<string, ValueTree>), port: WEBHOOK_PORT },
          certController: part('256Mi'),
        },
        values,
      ),
      ports: [
        {
          port: WEBHOOK_PORT,
          labels: { 'app.kubernetes.io/name': `${NAME}-webhook` },
          from: 'api-server',
        },
      ],
      connectsTo: [{ kind: 'api-server' }, ...connectsTo],
    });
  }
}
