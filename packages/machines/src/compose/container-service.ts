import { holdsSecret, DEFAULT_USER_ID, imageToPull, type Container, type Value } from '@mlterra/core';
import type { ComposeFile } from './compose-file';
import type { ComposeValues } from './compose-values';
import type { ComposeCondition, ComposeHealthcheck, ComposeMount, ComposeService } from './document';
import { healthcheck } from './healthcheck';
import { DEFAULT_RESOURCES, PIDS_LIMIT } from './limits';
import { logging } from './logging';
import type { ServiceContext } from './service-context';
import { ownershipName } from './service-name';

const DEFAULT_STOP_GRACE_SECONDS = 30;

/** The one folder that every container may write to; it goes with the container and counts as memory. */
const TEMPORARY = '/tmp';

/** Label with a digest of the files: Compose makes a container anew when it changes. */
const FILES_LABEL = 'dev.mlterra.files';

/** A share of the processor that counts as one. */
const SHARES_PER_CPU = 1024;

/**
 * A container as a service: no root, no capabilities, a root file system that is read-only. It may write to its volumes
 * and to `/tmp`, which is its `HOME` too unless a variable says otherwise. The processor is shared by weight, not limited.
 */
export function containerService(
  context: ServiceContext,
  container: Container,
): { readonly service: ComposeService; readonly files: readonly ComposeFile[] } {
  const { name, values, isTask } = context;
  const { command, variables = {}, volumes = {}, userId = DEFAULT_USER_ID } = container;
  const { cpuMillis, memoryMiB } = container.resources ?? DEFAULT_RESOURCES;
  const files = composeFiles(context, container);
  const [program, ...args] = command.map((value) => values.inDocument(value));
  const mounts = [...dataMounts(context, container), ...files.map(({ mount }) => mount)];
  const check = healthcheck(container);
  const ports = publishedPorts(context, container);
  const waits = dependencies(context, container);
  const service: ComposeService = {
    image: values.inDocument(imageToPull(container.image)),
    ...(program === undefined ? {} : { entrypoint: [program] }),
    ...(args.length === 0 ? {} : { command: args }),
    environment: Object.fromEntries(
      Object.entries<Value>({ HOME: TEMPORARY, ...variables }).map(([variable, value]) => [
        variable,
        values.inDocument(value, variableName(name, variable)),
      ]),
    ),
    user: `${userId}:${userId}`,
    read_only: true,
    ...(TEMPORARY in volumes ? {} : { tmpfs: [`${TEMPORARY}:mode=1777`] }),
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: true,
    mem_limit: `${memoryMiB}m`,
    cpu_shares: Math.max(2, Math.round((cpuMillis * SHARES_PER_CPU) / 1000)),
    pids_limit: PIDS_LIMIT,
    ...(mounts.length === 0 ? {} : { volumes: mounts }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(check === undefined ? {} : { healthcheck: inDocument(values, check) }),
    ...(Object.keys(waits).length === 0 ? {} : { depends_on: waits }),
    restart: isTask ? 'no' : 'unless-stopped',
    ...(isTask ? {} : { stop_grace_period: `${container.stopGraceSeconds ?? DEFAULT_STOP_GRACE_SECONDS}s` }),
    labels: {
      ...context.labels,
      ...(files.length === 0 ? {} : { [FILES_LABEL]: values.digest(files.map(({ file }) => file)) }),
    },
    logging: logging(context.profile),
  };
  return { service, files: files.map(({ file }) => file) };
}

interface MountedFile {
  readonly file: ComposeFile;
  readonly mount: ComposeMount;
}

function composeFiles({ name, values }: ServiceContext, container: Container): readonly MountedFile[] {
  const { files = {}, userId = DEFAULT_USER_ID } = container;
  return Object.entries(files).map(([target, value]) => {
    const path = `files/${name}${target}`;
    return {
      file: { path, content: values.inFile(value), userId, secret: holdsSecret(value) },
      mount: {
        type: 'bind',
        source: values.inDocument(`./${path}`),
        target: values.inDocument(target),
        read_only: true,
      },
    };
  });
}

function dataMounts(
  { volumePrefix, values }: ServiceContext,
  { volumes = {} }: Container,
): readonly ComposeMount[] {
  return Object.entries(volumes).map(([target, volume]) => ({
    type: 'volume',
    source: `${volumePrefix}-${volume.name}`,
    target: values.inDocument(target),
    // The engine would fill an empty volume from the image, and change its owner.
    volume: { nocopy: true },
  }));
}

function publishedPorts(
  { project, published }: ServiceContext,
  { ports = {} }: Container,
): readonly string[] {
  return Object.entries(ports).flatMap(([portName, { port }]) =>
    (published[`${project}.${portName}`] ?? []).map(
      (binding) => `${binding.address === undefined ? '' : `${binding.address}:`}${binding.port}:${port}`,
    ),
  );
}

function dependencies(
  { name, waitFor }: ServiceContext,
  { volumes = {} }: Container,
): Record<string, { readonly condition: ComposeCondition }> {
  const hasVolumes = Object.keys(volumes).length > 0;
  return Object.fromEntries(
    [...waitFor, ...(hasVolumes ? [ownershipName(name)] : [])].map((service) => [
      service,
      { condition: 'service_completed_successfully' },
    ]),
  );
}

/** Name of the variable for a secret that is the value of another, or in it. */
function variableName(service: string, variable: string): string {
  return `${service.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${variable}`;
}

function inDocument(values: ComposeValues, check: ComposeHealthcheck): ComposeHealthcheck {
  return { ...check, test: check.test.map((each) => values.inDocument(each)) };
}
