import { posix } from 'node:path';
import {
  Container as DockerContainer,
  type ContainerConfig,
  type ContainerMounts,
} from '@cdktf/provider-docker/lib/container';
import { holdsSecret, DEFAULT_USER_ID, renderLiteral, Stack, type Container } from '@mlterra/core';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { containerFiles, TEMPORARY } from './container-files';
import type { ContainerPlace } from './container-place';
import { containerLabels, stackLabels } from './labels';
import { logOptions } from './log-options';
import { logicalId, stagePrefix } from './names';
import { provisioner } from './provisioner';
import { renderText } from './render-text';
import type { HookContainer } from './spec';

/** What a container gets that asks for nothing. */
const DEFAULT_RESOURCES = { cpuMillis: 100, memoryMiB: 256 };

/** Shares of a whole processor. */
const SHARES_OF_CPU = 1024;
const LEAST_SHARES = 2;

export interface RunContainerProps {
  readonly place: ContainerPlace;
  readonly container: Container;
  /** Name of the container in its workload, for messages. */
  readonly label: string;
  /** Name in the stage, unique. */
  readonly name: string;
  /** Name of the workload, which its volumes bear. */
  readonly workload: string;
  readonly kind: Exclude<HookContainer['kind'], 'files'>;
  /** Names in the network of the stage. */
  readonly aliases: readonly string[];
  /** Seconds until it must be healthy, or have ended. */
  readonly seconds: number;
  /** What differs from what every container has. */
  readonly config: Partial<ContainerConfig>;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * A container as all of them are: no root, no capabilities, a root file system that is read-only. It may write to
 * `/tmp`, which is its `HOME` too unless a variable says otherwise.
 */
export function runContainer(scope: Construct, props: RunContainerProps): DockerContainer {
  const { place, container, label, name, kind } = props;
  const { variables = {}, files = {}, volumes = {}, command, userId = DEFAULT_USER_ID } = container;
  const { cpuMillis, memoryMiB } = container.resources ?? DEFAULT_RESOURCES;
  const fullName = `${stagePrefix(scope)}-${name}`;
  place.names.claim(scope.node.path, name);
  const data = dataVolumes(scope, props);
  const labels = stackLabels(scope, place.instance.at(scope));
  const base: ContainerConfig = {
    name: renderLiteral(fullName),
    image: place.imageId(scope, container.image),
    user: `${userId}:${userId}`,
    capabilities: { drop: ['ALL'] },
    securityOpts: ['no-new-privileges:true'],
    logDriver: 'json-file',
    logOpts: logOptions(Stack.ofConstruct(scope).profile),
    labels,
    ...(data.length === 0 ? {} : { mounts: data }),
  };
  const holder = filesHolder(scope, props, base);
  const made = new DockerContainer(scope, `Container-${name}`, {
    ...base,
    labels: [...labels, ...containerLabels(label, container.ports ?? {})],
    ...(command.length === 0 ? {} : { entrypoint: command.map((value) => renderText(scope, value)) }),
    env: Object.entries({ HOME: TEMPORARY, ...variables }).map(
      ([variable, value]) => `${variable}=${renderText(scope, value)}`,
    ),
    readOnly: true,
    init: true,
    volumes: [
      ...(TEMPORARY in volumes ? [] : [{ containerPath: TEMPORARY, readOnly: false }]),
      ...(holder === undefined ? [] : [{ fromContainer: holder.id, readOnly: false }]),
    ],
    memory: memoryMiB,
    memorySwap: memoryMiB,
    cpuShares: Math.max(LEAST_SHARES, Math.round((cpuMillis * SHARES_OF_CPU) / 1000)),
    networksAdvanced: [{ name: place.network.at(scope), aliases: [...props.aliases] }],
    ...props.config,
    dependsOn: [...props.dependsOn],
    provisioners: [
      provisioner({
        kind: kind === 'task' ? 'ended' : 'healthy',
        name: fullName,
        seconds: props.seconds,
        secretVariables: Object.keys(variables).filter((each) => holdsSecret(variables[each]!)),
        secretFiles: Object.keys(files).filter((each) => holdsSecret(files[each]!)),
        ...(place.stack.host === undefined ? {} : { host: place.stack.host }),
      }),
    ],
  });
  const address = logicalId(name);
  made.overrideLogicalId(address);
  place.stack.addContainer({
    name: fullName,
    address: `docker_container.${address}`,
    kind,
    ports: ((props.config.ports as readonly { external?: number }[] | undefined) ?? []).map(
      ({ external }) => external ?? 0,
    ),
  });
  return made;
}

/**
 * Volumes are made by the hooks, with labels, else by the engine when they are first mounted; Terraform never removes them. (The
 * provider sets labels, and all options of volumes, on engines from release 26 only.)
 */
function dataVolumes(scope: Construct, { place, container, workload }: RunContainerProps): ContainerMounts[] {
  return Object.entries(container.volumes ?? {}).map(([mount, volume]) => {
    const source = `${stagePrefix(scope)}-${workload}-${volume.name}`;
    place.stack.addVolume(source);
    return {
      type: 'volume',
      source: renderLiteral(source),
      target: renderLiteral(mount),
    };
  });
}

/**
 * A container of the same image that is never started. Its volumes hold the files, and are mounted into the other one
 * by `volumes_from`: they come and go with it, so that a changed file replaces both. It also has the volumes with data, whose
 * roots are given to the user while nothing runs yet.
 */
function filesHolder(
  scope: Construct,
  props: RunContainerProps,
  base: ContainerConfig,
): DockerContainer | undefined {
  const { place, container, name, label } = props;
  const { files = {}, volumes = {}, userId = DEFAULT_USER_ID } = container;
  const mounts = Object.keys(volumes);
  const { folders, uploads } = containerFiles(scope, label, files, mounts);
  if (folders.length === 0 && mounts.length === 0) return undefined;
  const holderName = `${name}-files`;
  const fullName = `${stagePrefix(scope)}-${holderName}`;
  place.names.claim(scope.node.path, holderName);
  const holder = new DockerContainer(scope, `Files-${name}`, {
    ...base,
    name: renderLiteral(fullName),
    start: false,
    mustRun: false,
    networkMode: 'none',
    volumes: folders.map((folder) => ({ containerPath: renderLiteral(folder), readOnly: false })),
    upload: [...uploads],
    ...(mounts.length === 0
      ? {}
      : {
          provisioners: [
            provisioner({
              kind: 'own',
              name: fullName,
              folders: mounts.map((mount) => posix.normalize(mount)),
              userId,
              ...(place.stack.host === undefined ? {} : { host: place.stack.host }),
            }),
          ],
        }),
  });
  const address = logicalId(name, 'files');
  holder.overrideLogicalId(address);
  place.stack.addContainer({
    name: fullName,
    address: `docker_container.${address}`,
    kind: 'files',
    ports: [],
  });
  return holder;
}
