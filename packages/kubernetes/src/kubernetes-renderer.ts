import {
  Stack,
  workloadName,
  type ApiRule,
  type ChartProps,
  type ClusterSecret,
  type ClusterSecretProps,
  type GenerateSecretProps,
  type Identity,
  type KubernetesAccess,
  type KubernetesCluster,
  type ObjectManifest,
  type Peer,
  type PodPolicyProps,
  type Principal,
  type Publisher,
  type RunningWorkload,
  type Secret,
  type Task,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { grantApi } from './api-grant';
import { clusterObject } from './cluster-object';
import type { Kubeconfig } from './hook-data';
import { KubernetesChart } from './kubernetes-chart';
import { KubernetesIdentity } from './kubernetes-identity';
import { KubernetesSecret } from './kubernetes-secret';
import { stageLabels } from './labels';
import { namespaceOf } from './names';
import { podPolicy } from './pod-policy';
import { renderText } from './render-text';
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
export class KubernetesRenderer implements KubernetesCluster {
  public readonly platformKind = 'kubernetes';
  public readonly listenAddress = '0.0.0.0';
  public readonly access: KubernetesAccess;
  private readonly connection: ClusterConnection;

  public constructor(private readonly props: KubernetesRendererProps) {
    this.access = props.access;
    this.connection = {
      access: props.access,
      dependsOn: props.dependsOn ?? [],
      exclusive: props.exclusive ?? true,
      publisher: props.publisher,
      storageClass: props.storageClass,
      schedulingSeconds: props.schedulingSeconds ?? DEFAULT_SCHEDULING_SECONDS,
      kubeconfig: props.kubeconfig,
      clusterScoped: new Map(),
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

  public namespaceOf(scope: Construct): string {
    return namespaceOf(Stack.ofConstruct(scope), this.connection.exclusive);
  }

  public addChart(scope: Construct, id: string, props: ChartProps): void {
    new KubernetesChart(scope, id, KubernetesStack.of(scope, this.connection), props);
  }

  public addObjects(scope: Construct, id: string, objects: readonly ObjectManifest[]): void {
    const part = new Construct(scope, id);
    const stack = KubernetesStack.of(part, this.connection);
    for (const object of objects) stack.addObject(part.node.path, clusterObject(part, stack, object));
  }

  public addSecret(scope: Construct, id: string, props: ClusterSecretProps): ClusterSecret {
    const part = new Construct(scope, id);
    const stack = KubernetesStack.of(part, this.connection);
    const name = props.name ?? workloadName(part);
    const texts = Object.entries(props.data).map(([key, value]) => [key, renderText(part, value)]);
    stack.addSecret(part.node.path, name, Object.fromEntries(texts) as Record<string, string>, props);
    return { namespace: stack.namespace, name };
  }

  public grantApi(grantee: Identity, rules: readonly ApiRule[]): readonly Peer[] {
    return grantApi(grantee.scope.node.path, grantee, rules);
  }

  public addOperatedIdentity(scope: Construct, id: string, serviceAccount: string): Identity {
    return this.identity(scope, id, serviceAccount);
  }

  public addPodPolicy(scope: Construct, id: string, props: PodPolicyProps): void {
    const part = new Construct(scope, id);
    const stack = KubernetesStack.of(part, this.connection);
    stack.addObject(part.node.path, podPolicy(workloadName(part), stack, props));
  }

  public stageLabels(scope: Construct): Readonly<Record<string, string>> {
    return stageLabels(Stack.ofConstruct(scope));
  }

  public publishedPort(name: string, port: string): number | undefined {
    return this.connection.publisher?.portOf(name, port);
  }

  private identity(scope: Construct, id: string, operated?: string): KubernetesIdentity {
    const { memberOf = () => undefined } = this.props;
    return new KubernetesIdentity(scope, id, KubernetesStack.of(scope, this.connection), memberOf, operated);
  }
}
