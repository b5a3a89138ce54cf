import type { Container, Profile, Task, Workload } from '@mlterra/core';
import { serviceNameTaken } from '../errors';
import type { ComposeFile } from './compose-file';
import { ComposeValues } from './compose-values';
import { containerService } from './container-service';
import type { ComposeDocument, ComposeService, ComposeVolume } from './document';
import { ownershipService } from './ownership-service';
import type { PortBinding } from './port-binding';
import type { ServiceContext } from './service-context';
import { serviceName } from './service-name';
import type { ValueResolver } from './value-resolver';

/** Something that a project runs. */
export type ComposePart =
  | {
      readonly kind: 'workload';
      readonly name: string;
      readonly workload: Workload;
      /** Name that its volumes begin with; parts with the same one share theirs. @default - `name` */
      readonly volumePrefix?: string;
    }
  | { readonly kind: 'task'; readonly name: string; readonly task: Task };

export interface ComposeProjectProps {
  /**
   * What runs, in the order in which it was declared; already checked by core. Workloads wait for the tasks that come before
   * them. Tasks wait for nothing: they have to stand that a server they need is still starting.
   */
  readonly parts: readonly ComposePart[];
  readonly resolver: ValueResolver;
  readonly profile: Profile;
  /** Labels of every container and volume. */
  readonly labels: Readonly<Record<string, string>>;
  /** Ports to publish, by `<workload>.<port name>`; no other can be reached from outside. */
  readonly published: Readonly<Record<string, readonly PortBinding[]>>;
  /** Absolute path of a folder with one folder for every volume, there already. @default - the engine's own place */
  readonly volumeFolder?: string;
}

/** What lies in the folder of a project, as its {@link ValueResolver} wrote it. */
export interface ComposeProject {
  /** Goes as JSON into `compose.yaml` or `compose.json`, which YAML reads too. */
  readonly document: ComposeDocument;
  readonly files: readonly ComposeFile[];
  /** Secrets by the variables that stand for them in the document: `.env`, or the environment of Compose. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of the volumes, by which Compose knows them. */
  readonly volumes: readonly string[];
}

/** Renders workloads and tasks as one project of Compose. */
export function composeProject(props: ComposeProjectProps): ComposeProject {
  const values = new ComposeValues(props.resolver);
  const services = new Map<string, ComposeService>();
  const volumes = new Map<string, ComposeVolume>();
  const files: ComposeFile[] = [];
  const finishedTasks: string[] = [];
  const labels = mapValues(props.labels, (label) => values.inDocument(label));
  const add = (name: string, service: ComposeService): void => {
    if (services.has(name)) throw serviceNameTaken(name);
    services.set(name, service);
  };

  for (const part of props.parts) {
    const waitFor = part.kind === 'workload' ? [...finishedTasks] : [];
    const volumePrefix = (part.kind === 'workload' ? part.volumePrefix : undefined) ?? part.name;
    const containers: Readonly<Record<string, Container>> =
      part.kind === 'workload' ? part.workload.containers : { task: part.task };
    for (const [containerName, container] of Object.entries(containers)) {
      const name = serviceName(part.name, containers, containerName);
      const context: ServiceContext = {
        name,
        project: part.name,
        volumePrefix,
        values,
        profile: props.profile,
        labels,
        isTask: part.kind === 'task',
        published: props.published,
        waitFor,
      };
      const { service, files: ownFiles } = containerService(context, container);
      const ownership = ownershipService(context, container);
      if (ownership) add(ownership.name, ownership.service);
      add(name, service);
      files.push(...ownFiles);
      for (const volume of Object.values(container.volumes ?? {})) {
        const volumeName = `${volumePrefix}-${volume.name}`;
        volumes.set(volumeName, composeVolume(volumeName, labels, values, props.volumeFolder));
      }
    }
    if (part.kind === 'task') finishedTasks.push(part.name);
  }
  return {
    document: {
      services: Object.fromEntries(services),
      networks: { default: { driver: 'bridge', labels } },
      ...(volumes.size > 0 ? { volumes: Object.fromEntries(volumes) } : {}),
    },
    files,
    secrets: values.secrets,
    volumes: [...volumes.keys()],
  };
}

function composeVolume(
  name: string,
  labels: Readonly<Record<string, string>>,
  values: ComposeValues,
  folder: string | undefined,
): ComposeVolume {
  if (folder === undefined) return { labels };
  return {
    driver_opts: { type: 'none', o: 'bind', device: values.inDocument(`${folder}/${name}`) },
    labels,
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
