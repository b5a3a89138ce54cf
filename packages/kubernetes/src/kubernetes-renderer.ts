import type {
  ContainerPlatform,
  GenerateSecretProps,
  Identity,
  KubernetesAccess,
  Principal,
  Publisher,
  RunningWorkload,
  Secret,
  Task,
  Workload,
  WorkloadPort,
} from '@mlterra/core';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { Kubeconfig } from './hook-data';
import { KubernetesIdentity } from './kubernetes-identity';
import { KubernetesSecret } from './kubernetes-secret';
import { KubernetesStack, type ClusterConnection } from './kubernetes-stack';
import { KubernetesTask } from './kubernetes-task';
import { hostHeaders, KubernetesWorkload } from './kubernetes-workload';

export interface KubernetesRendererProps {
  /** How the cluster is reached. */
  readonly access: KubernetesAccess;
  /** Who a service account is to the cloud. @default - nobody: no cloud knows the cluster */
  readonly memberOf?: (namespace: string, serviceAccount: string) => Principal | undefined;
  /**
   * What must be there before workloads can run, e.g. pools of nodes. Counts for workloads in the same stack only.
   * @default - nothing beside what `access` refers to
   */
  readonly dependsOn?: readonly ITerraformDependable[];
  /**
   * Whether no other environment is on the cluster: its namespaces are then named without the environment.
   * @default true
   */
  readonly exclusive?: boolean;
  /** Ports of this machine that lead to workloads, by Services of type NodePort. @default - none */
  readonly publisher?: Publisher;
  /** Class of volumes. @default - the cluster's default class */
  readonly storageClass?: string;
  /** How long nodes that come up and images that are pulled may take, in seconds. @default 600 */
  readonly schedulingSeconds?: number;
  /**
   * How the engine reaches the cluster, to find what is down and to remove what is left.
   * @default - it cannot: volumes that are kept have to be removed by hand
   */
  readonly kubeconfig?: Kubeconfig;
}

const DEFAULT_SCHEDULING_SECONDS = 600;

/** Ports that a Service of type NodePort can have. */
export const NODE_PORTS = { least: 30_000, most: 32_767 } as const;

/**
 * Renders workloads for a Kubernetes cluster, whoever runs it. The class of a cluster keeps one and delegates the
 * methods of `Platform` to it. Every stack that uses it gets a namespace and one `helm_release.kubernetes`.
 */
export class KubernetesRenderer implements ContainerPlatform {
  public readonly platformKind = 'kubernetes';
  public readonly listenAddress = '0.0.0.0';
  private readonly connection: ClusterConnection;

  public constructor(private readonly props: KubernetesRendererProps) {
    this.connection = {
      access: props.access,
      dependsOn: props.dependsOn ?? [],
      exclusive: props.exclusive ?? true,
      publisher: props.publisher,
      storageClass: props.storageClass,
      schedulingSeconds: props.schedulingSeconds ?? DEFAULT_SCHEDULING_SECONDS,
      kubeconfig: props.kubeconfig,
    };
  }

  public addIdentity(scope: Construct, id: string): Identity {
    return this.identity(scope, id);
  }

  public hostHeaders(scope: Construct, id: string, port: WorkloadPort): readonly string[] {
    return hostHeaders(scope, id, port, this.connection);
  }

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    return new KubernetesWorkload(scope, id, {
      stack: KubernetesStack.of(scope, this.connection),
      workload,
      addIdentity: (owner) => this.identity(owner, 'Resource'),
    });
  }

  public runTask(scope: Construct, id: string, task: Task): void {
    new KubernetesTask(scope, id, KubernetesStack.of(scope, this.connection), task);
  }

  public generateSecret(scope: Construct, id: string, props: GenerateSecretProps = {}): Secret {
    return new KubernetesSecret(scope, id, KubernetesStack.of(scope, this.connection), props).secret;
  }

  private identity(scope: Construct, id: string): KubernetesIdentity {
    const { memberOf = () => undefined } = this.props;
    return new KubernetesIdentity(scope, id, KubernetesStack.of(scope, this.connection), memberOf);
  }
}
