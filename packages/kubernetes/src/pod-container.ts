import { DEFAULT_USER_ID, imageToPull, renderLiteral, type Container } from '@mlterra/core';
import { k8s } from 'cdk8s-plus-33';
import type { Construct } from 'constructs';
import { checkFile, podVariables } from './pod-variables';
import { probes } from './probes';
import { escapeExpansion, renderText } from './render-text';
import type { WorkloadData } from './workload-data';

/** What a container gets that asks for nothing. */
const DEFAULT_RESOURCES = { cpuMillis: 100, memoryMiB: 256 };

/** The one folder that every container may write to; it goes with the pod. */
const TEMPORARY = '/tmp';

/** Names of the volumes in a pod that hold the data of its workload. */
export const CONFIG_VOLUME = 'config';
export const SECRET_VOLUME = 'secret';

/** Name of the volume in a pod for a volume of the workload. */
export function dataVolume(name: string): string {
  return `data-${name}`;
}

/** Name of the volume in a pod for the temporary files of a container. */
export function temporaryVolume(container: string): string {
  return `tmp-${container}`;
}

export interface PodContainerProps {
  readonly name: string;
  readonly container: Container;
  /** Name of the workload's Secret. */
  readonly secretName: string;
  readonly data: WorkloadData;
}

/**
 * A container as pods have it: no root, no capabilities, a root file system that is read-only. It may write to
 * `/tmp`, which is its `HOME` too unless a variable says otherwise.
 * @param scope the workload
 */
export function podContainer(scope: Construct, props: PodContainerProps): k8s.Container {
  const { name, container, data } = props;
  const { files = {}, volumes = {}, variables = {}, ports = {}, userId = DEFAULT_USER_ID } = container;
  const { cpuMillis, memoryMiB } = container.resources ?? DEFAULT_RESOURCES;

  const command = container.command.map((value) => renderText(scope, value, escapeExpansion));
  const env = Object.entries({ HOME: TEMPORARY, ...variables }).flatMap(([variable, value]) =>
    podVariables(scope, { container: name, variable, value, secretName: props.secretName, data }),
  );
  const mountedFiles = Object.entries(files).map(([file, value]): k8s.VolumeMount => {
    checkFile(scope, file, value);
    const { kind, key } = data.addFile(name, file, value);
    return {
      name: kind === 'secret' ? SECRET_VOLUME : CONFIG_VOLUME,
      mountPath: renderLiteral(file),
      subPath: key,
      readOnly: true,
    };
  });
  return {
    name,
    image: renderLiteral(imageToPull(container.image)),
    ...(command.length === 0 ? {} : { command }),
    env,
    ports: Object.entries(ports).map(([portName, { port }]) => ({
      name: portName,
      containerPort: port,
      protocol: 'TCP',
    })),
    ...probes(container),
    resources: {
      requests: {
        cpu: k8s.Quantity.fromString(`${cpuMillis}m`),
        memory: k8s.Quantity.fromString(`${memoryMiB}Mi`),
      },
      limits: { memory: k8s.Quantity.fromString(`${memoryMiB}Mi`) },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      ...(userId === DEFAULT_USER_ID ? {} : { runAsUser: userId, runAsGroup: userId }),
    },
    volumeMounts: [
      ...(TEMPORARY in volumes ? [] : [{ name: temporaryVolume(name), mountPath: TEMPORARY }]),
      ...Object.entries(volumes).map(([mount, volume]) => ({
        name: dataVolume(volume.name),
        mountPath: renderLiteral(mount),
      })),
      ...mountedFiles,
    ],
  };
}
