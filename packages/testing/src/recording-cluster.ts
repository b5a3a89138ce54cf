import {
  chartSource,
  exportOutputs,
  SHARED_STAGE,
  Stack,
  workloadName,
  type ApiRule,
  type ChartProps,
  type ClusterSecret,
  type ClusterSecretProps,
  type Identity,
  type KubernetesAccess,
  type KubernetesCluster,
  type ObjectManifest,
  type Peer,
  type PodPolicyProps,
  type Task,
  type Workload,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { record, render, type Recording } from './recording';
import { RecordingPlatform } from './recording-platform';
import { recordedTree } from './recorded-tree';

/** Where the object stores that are recorded answer: addresses that documentation uses. */
const STORES: Peer = { kind: 'addresses', cidrs: ['192.0.2.0/24'], port: 7070 };

/** Where the recorded database server answers. */
const SERVER = '192.0.2.5';

const API_SERVER: readonly Peer[] = [{ kind: 'api-server' }];

/**
 * A Kubernetes cluster on which nothing runs, see {@link RecordingPlatform}: charts, objects and Secrets are recorded too,
 * and what programs may connect to. As on every cluster a secret in values or in an object is refused.
 */
export class RecordingCluster extends RecordingPlatform implements KubernetesCluster {
  public override readonly platformKind = 'kubernetes';
  public readonly access: KubernetesAccess;
  private readonly usersOfApi = new Set<Identity>();

  /** @param scope a construct of a stack that others may read */
  public constructor(scope: Construct) {
    super('kubernetes');
    const { context } = exportOutputs(new Construct(scope, 'RecordingCluster'), { context: 'recording' });
    this.access = { kubeconfig: '~/.kube/config', context };
  }

  public namespaceOf(scope: Construct): string {
    const { stage, stack } = Stack.ofConstruct(scope).stackKey;
    return `${stage}-${stack}`;
  }

  public addChart(scope: Construct, id: string, props: ChartProps): void {
    const part = new Construct(scope, id);
    const { chart, values = {}, podSecurity = 'restricted', ports = [] } = props;
    const { path } = part.node;
    const source = chartSource(path, chart, {});
    record(part, 'Resource', {
      chart: {
        namespace: this.namespaceOf(part),
        name: source.chart,
        repository: source.repository,
        version: source.version,
        releaseName: props.releaseName ?? chart.name,
        values: recordedTree(part, `the values of the chart "${chart.name}"`, values),
        podSecurity,
        ports,
        skipCrds: props.skipCrds ?? false,
      },
      ...egress(part, props.connectsTo ?? API_SERVER),
    });
  }

  public addObjects(scope: Construct, id: string, objects: readonly ObjectManifest[]): void {
    const part = new Construct(scope, id);
    const namespaceOfStack = this.namespaceOf(part);
    record(part, 'Resource', {
      objects: objects.map(({ apiVersion, kind, metadata, clusterScoped = false, content }) => ({
        apiVersion,
        kind,
        metadata: { ...(clusterScoped ? {} : { namespace: namespaceOfStack }), ...metadata },
        ...recordedTree(part, `${kind} "${metadata.name}"`, content),
      })),
    });
  }

  public addSecret(scope: Construct, id: string, props: ClusterSecretProps): ClusterSecret {
    const part = new Construct(scope, id);
    const secret = { namespace: this.namespaceOf(part), name: props.name ?? workloadName(part) };
    record(part, 'Resource', {
      secret: {
        ...secret,
        type: props.type ?? 'Opaque',
        ...(props.labels === undefined ? {} : { labels: props.labels }),
        data: Object.fromEntries(
          Object.entries(props.data).map(([key, value]) => [key, render(part, value)]),
        ),
      },
    });
    return secret;
  }

  public grantApi(grantee: Identity, rules: readonly ApiRule[]): readonly Peer[] {
    this.usersOfApi.add(grantee);
    record(grantee.scope, 'Api', { api: { serviceAccount: grantee.serviceAccount, rules } });
    return API_SERVER;
  }

  public addOperatedIdentity(scope: Construct, id: string, serviceAccount: string): Identity {
    return { ...super.addIdentity(scope, id), serviceAccount };
  }

  public addPodPolicy(scope: Construct, id: string, props: PodPolicyProps): void {
    const part = new Construct(scope, id);
    const { connectsTo = [], ...others } = props;
    record(part, 'Resource', {
      podPolicy: { namespace: this.namespaceOf(part), ...others },
      ...egress(part, connectsTo),
    });
  }

  public stageLabels(scope: Construct): Readonly<Record<string, string>> {
    const { environment, stage } = Stack.ofConstruct(scope).stackKey;
    return {
      'mlterra.dev/environment': environment,
      ...(stage === SHARED_STAGE ? {} : { 'mlterra.dev/stage': stage }),
    };
  }

  /** Nothing is published. */
  public publishedPort(): undefined {
    return undefined;
  }

  /** Its service account has its name. */
  public override addIdentity(scope: Construct, id: string): Identity {
    const identity = super.addIdentity(scope, id);
    return { ...identity, serviceAccount: identity.name };
  }

  public override get server(): Recording['server'] {
    return {
      host: SERVER,
      peersAt: (port) => [{ kind: 'addresses', cidrs: [`${SERVER}/32`], port }],
    };
  }

  protected override storePeers(): readonly Peer[] {
    return [STORES];
  }

  protected override peersOf(run: Construct, port: number): readonly Peer[] {
    const service = workloadName(run);
    const labels = { 'app.kubernetes.io/name': service };
    return [{ kind: 'pods', namespace: this.namespaceOf(run), labels, port, service }];
  }

  protected override details(run: Construct, workload: Workload): object {
    const { scaling, identity, replicas = scaling?.minReplicas ?? 1 } = workload;
    return {
      platform: {
        kind: this.platformKind,
        replicas,
        ...(scaling === undefined ? {} : { scaling }),
        ...(identity !== undefined && this.usersOfApi.has(identity) ? { usesApi: true } : {}),
      },
      ...egress(run, workload.connectsTo ?? []),
    };
  }

  protected override taskDetails(run: Construct, { connectsTo = [] }: Task): object {
    return { namespace: this.namespaceOf(run), ...egress(run, connectsTo) };
  }
}

/** Where policies are strict, the peers; elsewhere nothing holds a program back. */
function egress(scope: Construct, peers: readonly Peer[]): object {
  return Stack.ofConstruct(scope).profile.networkPolicy === 'strict' ? { egress: peers } : {};
}
