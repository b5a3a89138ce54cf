import type { Peer, Port, Volume, Workload } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import { autoscaler } from './autoscaler';
import { WORKLOAD_LABEL } from './labels';
import { KEEP } from './namespace-objects';
import type { KubernetesObject } from './object';
import { podAnnotations, podSpec } from './pod-spec';
import { programPolicy } from './program-policy';
import type { WorkloadData } from './workload-data';

const DEFAULT_STOP_GRACE_SECONDS = 30;

export interface WorkloadObjectsProps {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the stack. */
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Whether pods get a token of the cluster's API. */
  readonly usesApi: boolean;
  readonly workload: Workload;
  /** How many run at once; the least and the most of them where the workload is scaled. */
  readonly replicas: ReplicaRange;
  readonly podContainers: readonly k8s.Container[];
  readonly data: WorkloadData;
  /** Whether pods reach only what is declared, and are reached from the same stage only. */
  readonly strict: boolean;
  /** Labels of the namespaces of the same stage. */
  readonly stageLabels: Readonly<Record<string, string>>;
  readonly connectsTo: readonly Peer[];
  /** Ports of the machine by names of the workload's ports. */
  readonly published: Readonly<Record<string, number>>;
  /** @default - the cluster's default class */
  readonly storageClass?: string;
}

export interface ReplicaRange {
  readonly least: number;
  readonly most: number;
}

/** How many replicas of a workload run at once. */
export function replicaRange({ replicas = 1, scaling }: Workload): ReplicaRange {
  return scaling === undefined
    ? { least: replicas, most: replicas }
    : { least: scaling.minReplicas, most: scaling.maxReplicas };
}

/** All objects of one workload but its Secret. */
export function workloadObjects(props: WorkloadObjectsProps): readonly KubernetesObject[] {
  const { workload, replicas } = props;
  const ports = portsOf(workload);
  return [
    ...(Object.keys(props.data.config).length > 0 ? [configMap(props)] : []),
    ...volumesOf(workload).map((volume) => volumeClaim(props, volume)),
    deployment(props),
    ...(ports.length > 0 ? [service(props, ports)] : []),
    ...programPolicy({ ...props, ports, published: ports.filter(({ name }) => name in props.published) }),
    ...(Object.keys(props.published).length > 0 ? [publishedService(props, ports)] : []),
    ...(replicas.least > 1 ? [disruptionBudget(props)] : []),
    ...(workload.scaling === undefined ? [] : [autoscaler(metadata(props), props.name, workload.scaling)]),
  ] as KubernetesObject[];
}

export interface NamedPort extends Port {
  readonly name: string;
}

function portsOf({ containers }: Workload): readonly NamedPort[] {
  return Object.values(containers).flatMap(({ ports = {} }) =>
    Object.entries(ports).map(([name, port]) => ({ ...port, name })),
  );
}

/** Containers that name the same volume share it. */
function volumesOf({ containers }: Workload): readonly Volume[] {
  const all = Object.values(containers).flatMap(({ volumes = {} }) => Object.values(volumes));
  return [...new Map(all.map((volume) => [volume.name, volume])).values()];
}

function selector({ name }: WorkloadObjectsProps): Record<string, string> {
  return { [WORKLOAD_LABEL]: name };
}

function metadata(props: WorkloadObjectsProps, name = props.name): k8s.ObjectMeta {
  return { name, namespace: props.namespace, labels: { ...props.labels, ...selector(props) } };
}

function configMap(props: WorkloadObjectsProps): unknown {
  return k8s.KubeConfigMap.manifest({ metadata: metadata(props), data: props.data.config });
}

function claimName(props: WorkloadObjectsProps, volume: Volume): string {
  return `${props.name}-${volume.name}`;
}

function volumeClaim(props: WorkloadObjectsProps, volume: Volume): unknown {
  return k8s.KubePersistentVolumeClaim.manifest({
    metadata: { ...metadata(props, claimName(props, volume)), annotations: KEEP },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: k8s.Quantity.fromString(`${volume.sizeGiB}Gi`) } },
      ...storageClassOf(volume, props),
    },
  });
}

function storageClassOf(volume: Volume, props: WorkloadObjectsProps): { storageClassName?: string } {
  const storageClassName = volume.storageClass ?? props.storageClass;
  return storageClassName === undefined ? {} : { storageClassName };
}

function deployment(props: WorkloadObjectsProps): unknown {
  const { replicas, workload } = props;
  const hasVolumes = volumesOf(workload).length > 0;
  return k8s.KubeDeployment.manifest({
    metadata: metadata(props),
    spec: {
      // Of a workload that is scaled, an apply would set back what the load asked for.
      ...(workload.scaling === undefined ? { replicas: replicas.least } : {}),
      selector: { matchLabels: selector(props) },
      // A volume is on one machine at a time: the old pod has to go before the new one comes.
      strategy: hasVolumes ? { type: 'Recreate' } : { type: 'RollingUpdate' },
      template: {
        metadata: {
          labels: { ...props.labels, ...selector(props) },
          ...podAnnotations(props),
        },
        spec: {
          ...podSpec({
            ...props,
            containers: Object.values(workload.containers),
            claimName: (volume) => claimName(props, volume),
          }),
          terminationGracePeriodSeconds: Math.max(
            ...Object.values(workload.containers).map(
              ({ stopGraceSeconds = DEFAULT_STOP_GRACE_SECONDS }) => stopGraceSeconds,
            ),
          ),
          ...(replicas.most > 1 ? { topologySpreadConstraints: spread(props) } : {}),
        },
      },
    },
  });
}

/** Replicas keep off each other's machines and zones where they can. */
function spread(props: WorkloadObjectsProps): k8s.TopologySpreadConstraint[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selector(props) },
  }));
}

function service(props: WorkloadObjectsProps, ports: readonly NamedPort[]): unknown {
  return k8s.KubeService.manifest({
    metadata: metadata(props),
    spec: { type: 'ClusterIP', selector: selector(props), ports: ports.map(servicePort) },
  });
}

/** A Service of its own: one of type NodePort opens a port of the machine for each of its ports. */
function publishedService(props: WorkloadObjectsProps, ports: readonly NamedPort[]): unknown {
  return k8s.KubeService.manifest({
    metadata: metadata(props, `${props.name}-published`),
    spec: {
      type: 'NodePort',
      selector: selector(props),
      ports: ports
        .filter(({ name }) => name in props.published)
        .map((port) => ({ ...servicePort(port), nodePort: props.published[port.name]! })),
    },
  });
}

function servicePort({ name, port, protocol }: NamedPort): k8s.ServicePort {
  return {
    name,
    port,
    targetPort: k8s.IntOrString.fromString(name),
    protocol: 'TCP',
    ...(protocol === 'http' ? { appProtocol: 'http' } : {}),
  };
}

function disruptionBudget(props: WorkloadObjectsProps): unknown {
  return k8s.KubePodDisruptionBudget.manifest({
    metadata: metadata(props),
    spec: { selector: { matchLabels: selector(props) }, maxUnavailable: k8s.IntOrString.fromNumber(1) },
  });
}
