import type {
  ApiRule,
  ChartProps,
  ClusterSecret,
  ClusterSecretProps,
  GenerateSecretProps,
  Identity,
  KubernetesAccess,
  KubernetesCluster,
  ObjectManifest,
  Peer,
  PodPolicyProps,
  RunningWorkload,
  Secret,
  Task,
  Workload,
  WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
import type { KubernetesRenderer } from './kubernetes-renderer';

/** What the class of every cluster has in common: all that runs on it is left to a renderer. */
export abstract class RenderedCluster extends Construct implements KubernetesCluster {
  public readonly platformKind = 'kubernetes';
  /** All addresses of a pod. */
  public readonly listenAddress = '0.0.0.0';
  public abstract readonly access: KubernetesAccess;
  protected abstract readonly renderer: KubernetesRenderer;

  public addIdentity(scope: Construct, id: string): Identity {
    return this.renderer.addIdentity(scope, id);
  }

  public hostHeaders(scope: Construct, id: string, port: WorkloadPort): readonly string[] {
    return this.renderer.hostHeaders(scope, id, port);
  }

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    return this.renderer.run(scope, id, workload);
  }

  public runTask(scope: Construct, id: string, task: Task): void {
    this.renderer.runTask(scope, id, task);
  }

  public generateSecret(scope: Construct, id: string, props: GenerateSecretProps = {}): Secret {
    return this.renderer.generateSecret(scope, id, props);
  }

  public namespaceOf(scope: Construct): string {
    return this.renderer.namespaceOf(scope);
  }

  public addChart(scope: Construct, id: string, props: ChartProps): void {
    this.renderer.addChart(scope, id, props);
  }

  public addObjects(scope: Construct, id: string, objects: readonly ObjectManifest[]): void {
    this.renderer.addObjects(scope, id, objects);
  }

  public addSecret(scope: Construct, id: string, props: ClusterSecretProps): ClusterSecret {
    return this.renderer.addSecret(scope, id, props);
  }

  public grantApi(grantee: Identity, rules: readonly ApiRule[]): readonly Peer[] {
    return this.renderer.grantApi(grantee, rules);
  }

  public addOperatedIdentity(scope: Construct, id: string, serviceAccount: string): Identity {
    return this.renderer.addOperatedIdentity(scope, id, serviceAccount);
  }

  public addPodPolicy(scope: Construct, id: string, props: PodPolicyProps): void {
    this.renderer.addPodPolicy(scope, id, props);
  }

  public stageLabels(scope: Construct): Readonly<Record<string, string>> {
    return this.renderer.stageLabels(scope);
  }

  public publishedPort(name: string, port: string): number | undefined {
    return this.renderer.publishedPort(name, port);
  }
}
