import type {
  GenerateSecretProps,
  Identity,
  KubernetesAccess,
  Platform,
  Principal,
  RunningWorkload,
  Secret,
  Workload,
  WorkloadPort,
} from '@mlterra/core';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { KubernetesIdentity } from './kubernetes-identity';
import { KubernetesSecret } from './kubernetes-secret';
import { KubernetesStack, type ClusterConnection } from './kubernetes-stack';
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
}

/**
 * Renders workloads for a Kubernetes cluster, whoever runs it. The class of a cluster keeps one and delegates the
 * methods of `Platform` to it. Every stack that uses it gets a namespace and one `helm_release.kubernetes`.
 */
export class KubernetesRenderer implements Platform {
  public readonly platformKind = 'kubernetes';
  public readonly listenAddress = '0.0.0.0';
  private readonly connection: ClusterConnection;

  public constructor(private readonly props: KubernetesRendererProps) {
    this.connection = { access: props.access, dependsOn: props.dependsOn ?? [] };
  }

  public addIdentity(scope: Construct, id: string): Identity {
    return this.identity(scope, id);
  }

  public hostHeaders(scope: Construct, id: string, port: WorkloadPort): readonly string[] {
    return hostHeaders(scope, id, port);
  }

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    return new KubernetesWorkload(scope, id, {
      stack: KubernetesStack.of(scope, this.connection),
      workload,
      addIdentity: (owner) => this.identity(owner, 'Resource'),
    });
  }

  public generateSecret(scope: Construct, id: string, props: GenerateSecretProps = {}): Secret {
    return new KubernetesSecret(scope, id, KubernetesStack.of(scope, this.connection), props).secret;
  }

  private identity(scope: Construct, id: string): KubernetesIdentity {
    const { memberOf = () => undefined } = this.props;
    return new KubernetesIdentity(scope, id, KubernetesStack.of(scope, this.connection), memberOf);
  }
}
