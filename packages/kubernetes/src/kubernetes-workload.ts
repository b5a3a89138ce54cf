import {
  checkWorkload,
  childWorkloadName,
  exportOutputs,
  Stack,
  text,
  workloadName,
  type Container,
  type Endpoint,
  type RunningWorkload,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
import {
  identityForeign,
  portDuplicate,
  portNameInvalid,
  portPrivileged,
  replicasWithVolumes,
} from './errors';
import { KubernetesIdentity } from './kubernetes-identity';
import type { ClusterConnection, KubernetesStack } from './kubernetes-stack';
import { WORKLOAD_LABEL } from './labels';
import { namespaceOf } from './names';
import { podContainer } from './pod-container';
import { startSeconds } from './probes';
import { WorkloadData } from './workload-data';
import { replicaRange, workloadObjects } from './workload-objects';

export interface KubernetesWorkloadProps {
  readonly stack: KubernetesStack;
  readonly workload: Workload;
  /** Makes an identity for a workload that brings none. */
  readonly addIdentity: (scope: Construct) => KubernetesIdentity;
}

/** A workload as a Deployment, and a Service of the same name for its ports. */
export class KubernetesWorkload extends Construct implements RunningWorkload {
  public readonly endpoints: Readonly<Record<string, Endpoint>>;

  public constructor(scope: Construct, id: string, props: KubernetesWorkloadProps) {
    super(scope, id);
    const { stack, workload } = props;
    const { path } = this.node;
    const containers = Object.entries(workload.containers);
    checkWorkload(path, workload);
    checkPorts(path, workload);
    checkReplicas(path, workload);

    const name = workloadName(this);
    const data = new WorkloadData(this);
    const podContainers = containers.map(([containerName, container]) =>
      podContainer(this, { name: containerName, container, secretName: name, data }),
    );
    const replicas = replicaRange(workload);
    const identity = this.identity(props);
    identity.isUsed = true;
    const published = publishedPorts(name, workload, stack.cluster);
    const objects = workloadObjects({
      name,
      namespace: stack.namespace,
      labels: stack.labels,
      serviceAccount: identity.serviceAccount,
      usesApi: identity.usesApi,
      workload,
      replicas,
      podContainers,
      data,
      strict: stack.isStrict,
      stageLabels: stack.stageLabels,
      connectsTo: workload.connectsTo ?? [],
      published,
      storageClass: stack.cluster.storageClass,
    });
    for (const object of objects) stack.addObject(path, object);
    if (Object.keys(data.secrets).length > 0) stack.addSecret(path, name, data.secrets);
    stack.allowStart(
      replicas.least * Math.max(...containers.map(([, container]) => startSeconds(container))),
    );
    this.endpoints = this.exportEndpoints(workload, stack.namespace, published);
  }

  private identity({ stack, workload, addIdentity }: KubernetesWorkloadProps): KubernetesIdentity {
    const { identity } = workload;
    if (identity === undefined) return addIdentity(this);
    if (identity instanceof KubernetesIdentity && identity.stack === stack) return identity;
    throw identityForeign(this.node.path, identity.name);
  }

  private exportEndpoints(
    { containers }: Workload,
    namespace: string,
    published: Readonly<Record<string, number>>,
  ): Record<string, Endpoint> {
    const service = workloadName(this);
    const host = serviceHost(service, namespace);
    const endpoints: Record<string, Endpoint> = {};
    for (const [name, { ports = {} }] of Object.entries(containers)) {
      const part = new Construct(this, name);
      for (const [portName, { port, protocol }] of Object.entries(ports)) {
        const outputs = exportOutputs(new Construct(part, portName), { host, port });
        const outside = published[portName];
        endpoints[`${name}.${portName}`] = {
          host: outputs.host,
          port: outputs.port,
          url: text`${protocol}://${outputs.host}:${outputs.port}`,
          peers: [{ kind: 'pods', namespace, labels: { [WORKLOAD_LABEL]: service }, port, service }],
          ...(outside === undefined ? {} : { outsideUrl: text`${protocol}://localhost:${outside}` }),
        };
      }
    }
    return endpoints;
  }
}

/**
 * `Host` headers for the Service of the workload that `run(scope, id, …)` starts: the names that pods of any namespace
 * may use, and `localhost` for `kubectl port-forward` and for a published port.
 */
export function hostHeaders(
  scope: Construct,
  id: string,
  { name, port }: WorkloadPort,
  { exclusive, publisher }: Pick<ClusterConnection, 'exclusive' | 'publisher'>,
): readonly string[] {
  const service = childWorkloadName(scope, id);
  const namespace = namespaceOf(Stack.ofConstruct(scope), exclusive);
  const host = serviceHost(service, namespace);
  const names = [host, `${host}.cluster.local`, `${service}.${namespace}`, service, 'localhost'];
  const published = publisher?.peek(service, name.slice(name.indexOf('.') + 1));
  return [
    ...names.map((each) => `${each}:${port}`),
    ...(published === undefined ? [] : [`localhost:${published}`, `127.0.0.1:${published}`]),
  ];
}

function publishedPorts(
  workload: string,
  { containers }: Workload,
  { publisher }: ClusterConnection,
): Record<string, number> {
  const names = Object.values(containers).flatMap(({ ports = {} }) => Object.keys(ports));
  return Object.fromEntries(
    names.flatMap((name) => {
      const port = publisher?.portOf(workload, name);
      return port === undefined ? [] : [[name, port]];
    }),
  );
}

function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc`;
}

/** Ports are named by IANA's rules for services. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

function checkPorts(path: string, { containers }: Workload): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  for (const [container, { ports = {} }] of Object.entries(containers)) {
    for (const [name, { port }] of Object.entries(ports)) {
      if (!PORT_NAME.test(name)) throw portNameInvalid(path, container, name);
      if (port < 1024) throw portPrivileged(path, container, port);
      if (names.has(name) || numbers.has(port)) throw portDuplicate(path, container, name, port);
      names.add(name);
      numbers.add(port);
    }
  }
}

function checkReplicas(path: string, { containers, replicas = 1 }: Workload): void {
  const volumes = Object.values<Container>(containers).flatMap((each) => Object.keys(each.volumes ?? {}));
  if (volumes.length > 0 && replicas > 1) throw replicasWithVolumes(path, replicas);
}
