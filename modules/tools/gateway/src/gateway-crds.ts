import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, type KubernetesCluster, type ObjectManifest, type ValueTree } from '@mlterra/core';
import { Construct } from 'constructs';

export interface GatewayCrdsProps {
  readonly platform: KubernetesCluster;
  /** Whether the kinds that only Envoy Gateway has come too. @default false */
  readonly envoyGateway?: boolean;
  /**
   * Whether the kinds stay when the stack goes: with a kind go all objects of it, in every namespace of the cluster.
   * @default - where the profile protects from deletion
   */
  readonly keepDefinitions?: boolean;
}

/** Beside `src` and `dist`. */
const FOLDER = join(__dirname, '..', 'crds');

interface Definition {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: ValueTree;
}

const KEEP = { 'helm.sh/resource-policy': 'keep' };

/**
 * The kinds of the Gateway API, standard channel, for the whole cluster. They are upgraded with this package. A
 * cluster has them once: leave this out where somebody else has put them there.
 */
export class GatewayCrds extends Construct {
  /** Whether Envoy Gateway's own kinds are among them. */
  public readonly envoyGateway: boolean;

  public constructor(scope: Construct, id: string, props: GatewayCrdsProps) {
    super(scope, id);
    const { platform, envoyGateway = false } = props;
    const keep = props.keepDefinitions ?? Stack.ofConstruct(this).profile.deletionProtection;
    this.envoyGateway = envoyGateway;
    platform.addObjects(this, 'Resource', definitions('gateway-api', keep));
    if (envoyGateway) platform.addObjects(this, 'EnvoyGateway', definitions('envoy-gateway', keep));
  }
}

/** The definitions in a file of this package, as objects. */
export function definitions(file: 'gateway-api' | 'envoy-gateway', keep: boolean): readonly ObjectManifest[] {
  const read = JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8')) as readonly Definition[];
  return read.map(({ metadata, spec }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...(keep ? KEEP : {}) } },
    clusterScoped: true,
    content: { spec },
  }));
}
