import { DEFAULT_USER_ID, type Container, type Volume } from '@mlterra/core';
import type { k8s } from 'cdk8s-plus-33';
import { CONFIG_VOLUME, dataVolume, SECRET_VOLUME, temporaryVolume } from './pod-container';
import type { WorkloadData } from './workload-data';

/** Annotation of a pod: name of the Secret and ConfigMap whose checksum the chart adds. */
const DATA_ANNOTATION = 'mlterra.dev/data';

/** Beginning of annotations of a pod: versions of Secrets that others fill, so that another content makes new pods. */
const OTHERS_ANNOTATION = 'secret.mlterra.dev/';

/** Read by owner and group: the user of the pod is in the group of its volumes. */
const FILE_MODE = 0o440;

export interface PodSpecProps {
  /** Name of the Secret and of the ConfigMap. */
  readonly name: string;
  readonly serviceAccount: string;
  /** Whether it gets a token of the cluster's API. @default false */
  readonly usesApi?: boolean;
  readonly containers: readonly Pick<Container, 'userId' | 'volumes'>[];
  readonly podContainers: readonly k8s.Container[];
  readonly data: WorkloadData;
  /** Name of the claim of a volume. */
  readonly claimName: (volume: Volume) => string;
}

/** What pods of all kinds have in common: no root, no token of the cluster's API unless it is granted, a profile of seccomp. */
export function podSpec(props: PodSpecProps): k8s.PodSpec {
  return {
    serviceAccountName: props.serviceAccount,
    automountServiceAccountToken: props.usesApi ?? false,
    // Variables like MLFLOW_PORT, which Kubernetes makes for a Service, would configure programs.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: DEFAULT_USER_ID,
      runAsGroup: DEFAULT_USER_ID,
      ...volumeOwner(props),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [...props.podContainers],
    volumes: podVolumes(props),
  };
}

/** Annotations of a pod's template. */
export function podAnnotations({ name, data }: Pick<PodSpecProps, 'name' | 'data'>): {
  annotations?: Record<string, string>;
} {
  const hasData = [data.secrets, data.config].some((texts) => Object.keys(texts).length > 0);
  const annotations: Record<string, string> = hasData ? { [DATA_ANNOTATION]: name } : {};
  for (const [secret, version] of Object.entries(data.others)) {
    annotations[`${OTHERS_ANNOTATION}${secret}`] = version;
  }
  return Object.keys(annotations).length > 0 ? { annotations } : {};
}

/**
 * The group of the volumes is that of the user who has them. Files that are already in a volume keep their rights: a
 * database refuses to start on files that its group may write.
 */
function volumeOwner({ containers }: PodSpecProps): k8s.PodSecurityContext {
  const owner = containers.find(({ volumes = {} }) => Object.keys(volumes).length > 0);
  const fsGroup = (owner ?? containers[0])?.userId ?? DEFAULT_USER_ID;
  return { fsGroup, ...(owner === undefined ? {} : { fsGroupChangePolicy: 'OnRootMismatch' }) };
}

function podVolumes(props: PodSpecProps): k8s.Volume[] {
  const { data, name } = props;
  const mounted = new Set(
    props.podContainers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((each) => each.name)),
  );
  const all = props.containers.flatMap((container) => Object.values(container.volumes ?? {}));
  const volumes = new Map(all.map((volume) => [volume.name, volume]));
  return [
    ...props.podContainers.map((container) => ({ name: temporaryVolume(container.name), emptyDir: {} })),
    ...(Object.keys(data.config).length > 0
      ? [{ name: CONFIG_VOLUME, configMap: { name, defaultMode: FILE_MODE } }]
      : []),
    ...(mounted.has(SECRET_VOLUME)
      ? [{ name: SECRET_VOLUME, secret: { secretName: name, defaultMode: FILE_MODE } }]
      : []),
    ...[...volumes.values()].map((volume) => ({
      name: dataVolume(volume.name),
      persistentVolumeClaim: { claimName: props.claimName(volume) },
    })),
  ].filter((volume) => mounted.has(volume.name));
}
