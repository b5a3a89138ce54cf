import type { Construct } from 'constructs';
import type { ChartReference } from '../chart';
import type { StackOutput } from '../outputs';
import type { Value } from '../value';
import type { ValueTree } from '../value-tree';
import type { Identity } from './identity';
import type { Peer } from './peer';
import type { ContainerPlatform, Platform } from './platform';

/** A Kubernetes cluster, whoever runs it. */
export interface KubernetesCluster extends ContainerPlatform {
  readonly platformKind: 'kubernetes';
  /** How programs reach its API. */
  readonly access: KubernetesAccess;
  /** Namespace of the stack of `scope`, known before it is there. */
  namespaceOf(scope: Construct): string;
  /**
   * Installs an upstream chart in the namespace of the stack of `scope`, as a release of its own, after all else of
   * the stack that is on the cluster. What needs the kinds of objects it brings goes into a stack that comes later.
   */
  addChart(scope: Construct, id: string, props: ChartProps): void;
  /**
   * Puts objects on the cluster with the stack of `scope`: custom resources of a chart of an earlier stack, policies,
   * classes. Those without a namespace get that of the stack, unless `clusterScoped` says that their kind has none.
   */
  addObjects(scope: Construct, id: string, objects: readonly ObjectManifest[]): void;
  /** Puts a Secret into the namespace of the stack of `scope`; for charts and objects that name one. */
  addSecret(scope: Construct, id: string, props: ClusterSecretProps): ClusterSecret;
  /**
   * Lets pods that run as an identity of this cluster use its API, in all namespaces; they get a token, which no other
   * pod has. Called before anything runs as it. Returns what they have to connect to.
   */
  grantApi(grantee: Identity, rules: readonly ApiRule[]): readonly Peer[];
  /**
   * Makes an identity of pods that an operator makes, with a service account of this name in the namespace of the stack of
   * `scope`, which the operator makes too.
   */
  addOperatedIdentity(scope: Construct, id: string, serviceAccount: string): Identity;
  /** Says who connects to pods that an operator makes in the namespace of the stack of `scope`, and what they connect to. */
  addPodPolicy(scope: Construct, id: string, props: PodPolicyProps): void;
  /**
   * Labels of the namespaces of the stage of `scope`, for selectors; of a shared stack, those of all stages.
   */
  stageLabels(scope: Construct): Readonly<Record<string, string>>;
  /**
   * Port of this machine that leads to a port of something that is no workload, `<name>.<port name>`; a Service of
   * type NodePort has to take it. Undefined where it is not published.
   */
  publishedPort(name: string, port: string): number | undefined;
}

export interface PodPolicyProps {
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Ports that others connect to. @default - none */
  readonly ports?: readonly PodPort[];
  /** What they connect to, beside name servers, where policies are strict. @default - nothing */
  readonly connectsTo?: readonly Peer[];
  /** Whether they connect to all pods of the stage, as a gateway does. @default false */
  readonly connectsToStage?: boolean;
}

export interface PodPort {
  readonly port: number;
  /** As of a {@link ChartPort}, or the pods that connect. */
  readonly from: ChartPort['from'] | ConnectingPods;
}

export interface ConnectingPods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Rule of a ClusterRole. */
export interface ApiRule {
  /** `""` is the core group. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Whether a platform is a Kubernetes cluster. */
export function isKubernetes(platform: Platform): platform is KubernetesCluster {
  return platform.platformKind === 'kubernetes';
}

export interface ChartProps {
  readonly chart: ChartReference;
  /** Values of the chart; a secret in them is refused, as Helm keeps them in the open. @default - the chart's own */
  readonly values?: ValueTree;
  /** Name of the release. @default - the name of the chart */
  readonly releaseName?: string;
  /**
   * What the namespace admits: the Pod Security Standard that the pods of the chart keep to; the loosest of a stack
   * counts. @default "restricted"
   */
  readonly podSecurity?: 'restricted' | 'baseline' | 'privileged';
  /** Ports of its pods that others connect to. @default - none */
  readonly ports?: readonly ChartPort[];
  /** What its pods connect to, beside name servers. @default - the API server */
  readonly connectsTo?: readonly Peer[];
  /** How long it may take until its pods are ready, images that are pulled aside, in seconds. @default 300 */
  readonly startSeconds?: number;
  /** Whether CRDs in the folder `crds` of the chart are left out, because they come otherwise. @default false */
  readonly skipCrds?: boolean;
}

export interface ChartPort {
  readonly port: number;
  /** Labels of the pods. @default - all pods of the namespace */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Who connects: the API server (to webhooks, from addresses that no policy can name), pods of the same stage, all
   * pods of the cluster, anyone.
   */
  readonly from: 'api-server' | 'stage' | 'cluster' | 'anyone';
}

/** A Kubernetes object. Strings are literal, references to outputs are resolved; a secret is refused. */
export interface ObjectManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** @default - the stack's */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Whether the kind has no namespaces. @default false */
  readonly clusterScoped?: boolean;
  /** `spec`, `data`, `rules` and whatever else the kind has. */
  readonly content: Readonly<Record<string, ValueTree>>;
}

export interface ClusterSecretProps {
  /** Name in the namespace. @default - that of the construct */
  readonly name?: string;
  /** @default "Opaque" */
  readonly type?: string;
  /** Texts by key. */
  readonly data: Readonly<Record<string, Value>>;
  /** Labels, e.g. those by which an operator finds it. @default - those of the stack */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ClusterSecret {
  readonly namespace: string;
  readonly name: string;
}

/** How to reach the API of a cluster. Nothing secret of it gets into plan or state. */
export type KubernetesAccess = ExecAccess | KubeconfigAccess;

/** A file on the machine Terraform runs on, for clusters of that machine. */
export interface KubeconfigAccess {
  /** Path of the file; `~/…` is in the home of whoever runs Terraform. */
  readonly kubeconfig: string;
  /** Name of a context in it. */
  readonly context: StackOutput;
}

/** The API of a cloud's cluster: no token is kept, one is asked for each time. */
export interface ExecAccess {
  /** `https://…` */
  readonly endpoint: StackOutput;
  /** Certificate of the authority that signed the API server's, PEM in base64. */
  readonly caCertificate: StackOutput;
  /** Prints an ExecCredential (client.authentication.k8s.io/v1) on standard output. */
  readonly exec: ExecCredentialCommand;
}

export interface ExecCredentialCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A token for the API of the clusters of a cloud. */
export interface KubeToken {
  readonly token: string;
  /** When it ends. @default - not known; clients ask for another one when it is refused */
  readonly expires?: Date;
}

/** What the module `@mlterra/<cloud>/kube-token` exports; `mlterra kube-token <cloud>` calls it. */
export interface KubeTokenModule {
  /** Asks the cloud for a token, as whoever its SDK finds to be logged in. */
  kubeToken(): Promise<KubeToken>;
}
