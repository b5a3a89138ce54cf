import {
  exportOutputs,
  Publisher,
  renderLiteral,
  shortenName,
  Stack,
  type KubeconfigAccess,
  type PublishedPorts,
} from '@mlterra/core';
import { DataResource } from 'cdktf';
import type { Construct } from 'constructs';
import type { Kubeconfig } from '../hook-data';
import { KubernetesRenderer, NODE_PORTS } from '../kubernetes-renderer';
import { RenderedCluster } from '../rendered-cluster';
import { DESIRED_VARIABLE, STACK_VARIABLE, type DesiredCluster, type MadeCluster } from './desired-cluster';
import { clusterNameInvalid, nodesInvalid } from './errors';

/** What clusters on this machine have in common. */
export interface LocalClusterProps {
  /**
   * Ports of this machine that lead to workloads, on 127.0.0.1, from 30000 to 32767: Services of type NodePort.
   * @default - nothing is reached from this machine
   */
  readonly publish?: PublishedPorts;
  /** Class of volumes. @default - the cluster's default class */
  readonly storageClass?: string;
  /** How long images that are pulled may take, in seconds. @default 600 */
  readonly schedulingSeconds?: number;
}

/** A cluster that is there. */
export interface ExistingClusterProps extends LocalClusterProps {
  /** Path of the file that describes it; `~/…` is in the home of whoever runs the engine. */
  readonly kubeconfig: string;
  /** Name of a context in it. */
  readonly context: string;
  /**
   * What a person does to name another cluster, where the source takes it from variables, e.g. `set DEMO_CONTEXT`. For
   * messages; and a stack that was applied is then refused on another cluster, instead of being planned as a change.
   * @default - the source names it, by `kubeconfig` and `context`
   */
  readonly hint?: string;
}

/** How a tool makes a cluster. */
export interface LocalClusterDefinition extends ExistingClusterProps {
  /** Package with the provisioner, as `<package>/cluster`, and the hooks, as `<package>/hooks`. */
  readonly module: string;
  /** @default - the cluster must be there */
  readonly make?: MadeCluster;
  /** Whether `context` was not given, and is the current one of `kubeconfig`. @default false */
  readonly isCurrentContext?: boolean;
  /** Whether the API server gets another port with every start of the cluster. @default false */
  readonly changesPort?: boolean;
}

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const MAX_NODES = 20;

/**
 * A Kubernetes cluster on this machine, made by a tool or there already. `terraform_data.cluster` checks that it can
 * be used, before anything is put on it. Environments share it: the environment is in the names of its namespaces.
 */
export class LocalCluster extends RenderedCluster {
  public readonly access: KubeconfigAccess;
  /** The raw resource. */
  public readonly resource: DataResource;
  protected readonly renderer: KubernetesRenderer;

  public constructor(scope: Construct, id: string, definition: LocalClusterDefinition) {
    super(scope, id);
    const { kubeconfig, context, storageClass, make, module } = definition;
    const known = {
      ...(definition.hint === undefined ? {} : { hint: definition.hint }),
      ...originOf(definition),
      ...(definition.changesPort === true ? { changesPort: true } : {}),
    };
    const stack = Stack.ofConstruct(this);
    const publisher = new Publisher(this, definition.publish ?? {}, { range: NODE_PORTS });
    const desired: DesiredCluster = {
      kubeconfig,
      context,
      storageClass: storageClass ?? '',
      make: make ?? null,
    };
    this.resource = new DataResource(this, 'Resource', {
      triggersReplace: desired as unknown as Record<string, unknown>,
      provisioners: [
        {
          type: 'local-exec',
          interpreter: ['node', '--eval'],
          // Resolved from the stack's working folder upwards, so that no path of a machine gets into the stack.
          command: `require('${module}/cluster').main()`,
          environment: {
            // A module that the caller has Node load may be out of reach from the stack's folder.
            NODE_OPTIONS: '',
            [STACK_VARIABLE]: renderLiteral(stack.key),
            [DESIRED_VARIABLE]: '${base64gzip(jsonencode(self.triggers_replace))}',
          },
        },
      ],
    });
    this.resource.overrideLogicalId('cluster');
    // Not a part of what is desired: it does not make another cluster.
    stack.addHooks({ module: `${module}/hooks`, data: { ...desired, ...known } });
    // Read from the resource, so that what uses it comes after the provisioner.
    const outputs = exportOutputs(this, {
      context: this.resource.getStringAttribute('triggers_replace.context'),
    });
    this.access = { kubeconfig, context: outputs.context };
    this.renderer = new KubernetesRenderer({
      access: this.access,
      exclusive: false,
      publisher,
      storageClass,
      schedulingSeconds: definition.schedulingSeconds,
      kubeconfig: { kubeconfig, context, ...known },
    });
  }
}

function originOf({ make, isCurrentContext }: LocalClusterDefinition): Pick<Kubeconfig, 'origin'> {
  if (make !== undefined) return { origin: 'made' };
  return isCurrentContext === true ? { origin: 'current-context' } : {};
}

/** Name for the cluster of a construct that was given none: `<environment>-<stage>`. */
export function clusterName(scope: Construct, id: string, given: string | undefined): string {
  const { environment, stage } = Stack.ofConstruct(scope).stackKey;
  const name = given ?? shortenName(`${environment}-${stage}`, 40);
  if (!NAME.test(name)) throw clusterNameInvalid(`${scope.node.path}/${id}`, name);
  return name;
}

/** Throws unless a cluster can have this many nodes. */
export function checkNodes(scope: Construct, id: string, nodes: number): void {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MAX_NODES) {
    throw nodesInvalid(`${scope.node.path}/${id}`, nodes);
  }
}
