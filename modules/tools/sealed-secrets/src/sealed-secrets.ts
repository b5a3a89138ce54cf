import { catalogue } from '@mlterra/catalogue';
import { mergeValues, Stack, type KubernetesCluster, type ValueTree } from '@mlterra/core';
import { describeController } from '@mlterra/sealing';
import { Construct } from 'constructs';
import { sealedSecretDefinition } from './definition';
import { invalidRenewal } from './errors';

/** Name of the release, and so of the Service. */
const NAME = 'sealed-secrets';

/** Where the controller gives away its certificate. */
const PORT = 8080;

const DEFAULT_RENEWAL_DAYS = 30;

export interface SealedSecretsProps {
  readonly platform: KubernetesCluster;
  /**
   * After how many days the controller makes another key, with which is sealed from then on; old keys still open what
   * they sealed. 0: never. @default 30
   */
  readonly keyRenewalDays?: number;
  /**
   * Whether the definition of the kind SealedSecret, and with it every SealedSecret and its Secret, stays when the
   * operator is destroyed. @default - as the profile protects what is stateful
   */
  readonly keepDefinition?: boolean;
  /** Values of the chart, laid over those that are set here. @default - none */
  readonly values?: ValueTree;
}

/**
 * The controller of Sealed Secrets: it alone can open what is sealed for it. What is sealed goes into stacks of their
 * own, which come after this one.
 */
export class SealedSecrets extends Construct {
  public readonly platform: KubernetesCluster;
  /** Where the controller is on the cluster. */
  public readonly location: { readonly namespace: string; readonly service: string };

  public constructor(scope: Construct, id: string, props: SealedSecretsProps) {
    super(scope, id);
    const { platform, keyRenewalDays = DEFAULT_RENEWAL_DAYS } = props;
    if (!Number.isInteger(keyRenewalDays) || keyRenewalDays < 0) {
      throw invalidRenewal(this.node.path, keyRenewalDays);
    }
    const { deletionProtection } = Stack.ofConstruct(this).profile;
    this.platform = platform;
    this.location = { namespace: platform.namespaceOf(this), service: NAME };
    describeController(this, this.location);
    platform.addObjects(this, 'Definition', [
      sealedSecretDefinition(props.keepDefinition ?? deletionProtection),
    ]);
    platform.addChart(this, 'Resource', {
      chart: catalogue.sealedSecrets.chart,
      releaseName: NAME,
      skipCrds: true,
      values: mergeValues(
        {
          fullnameOverride: NAME,
          keyrenewperiod: keyRenewalDays === 0 ? '0' : `${keyRenewalDays * 24}h`,
          revisionHistoryLimit: 2,
          resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        },
        props.values,
      ),
      ports: [{ port: PORT, labels: { 'app.kubernetes.io/name': NAME }, from: 'api-server' }],
    });
  }
}
