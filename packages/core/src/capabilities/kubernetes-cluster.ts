import type { StackOutput } from '../outputs';
import type { Platform } from './platform';

/** A Kubernetes cluster, whoever runs it. */
export interface KubernetesCluster extends Platform {
  readonly platformKind: 'kubernetes';
  /** How programs reach its API. */
  readonly access: KubernetesAccess;
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
