import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesCluster, ObjectManifest, ValueTree } from '@mlterra/core';
import { Construct } from 'constructs';

export interface GatewayCrdsProps {
  readonly platform: KubernetesCluster;
  /** Whether the kinds that only Envoy Gateway has come too. @default false */
  readonly envoyGateway?: boolean;
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

/** A definition that goes takes all objects of its kind with it, in every namespace of the cluster. */
const KEEP = { 'helm.sh/resource-policy': 'keep' };

/**
 * The kinds of the Gateway API, standard channel, for the whole cluster. They are upgraded with this package, and stay when the
 * stack goes. A cluster has them once: leave this out where somebody else has put them there.
 */
export class GatewayCrds extends Construct {
  /** Whether Envoy Gateway's own kinds are among them. */
  public readonly envoyGateway: boolean;

  public constructor(scope: Construct, id: string, { platform, envoyGateway = false }: GatewayCrdsProps) {
    super(scope, id);
    this.envoyGateway = envoyGateway;
    platform.addObjects(this, 'Resource', definitions('gateway-api'));
    if (envoyGateway) platform.addObjects(this, 'EnvoyGateway', definitions('envoy-gateway'));
  }
}

/** The definitions in a file of this package, as objects. */
export function definitions(file: 'gateway-api' | 'envoy-gateway'): readonly ObjectManifest[] {
  const read = JSON.parse(readFileSync(join(FOLDER, `${file}.json`), 'utf8')) as readonly Definition[];
  return read.map(({ metadata, spec }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...KEEP } },
    clusterScoped: true,
    content: { spec },
  }));
}
