import { Token } from 'cdktf';
import {
  commandEmpty,
  containersMissing,
  mountInvalid,
  mountUnknown,
  portInvalid,
  portUnknown,
  probeEmpty,
  probePortUnknown,
  replicasInvalid,
  scalingInvalid,
  scalingWithVolumes,
  secretInCommand,
  timeoutInvalid,
  userInvalid,
  variableInvalid,
  volumeDuplicate,
  volumeInvalid,
  volumeOfManyUsers,
  volumeSizeInvalid,
} from './errors';
import { checkImage } from './image';
import { assertName } from './names';
import { holdsSecret, MountPath, valueParts, type Value } from './value';
import { DEFAULT_USER_ID, type Container, type Task, type Workload } from './workload';

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MOUNT = /^(\/[^/:]+)+$/;
const MAX_PORT = 65_535;

/** What messages call the one container of a task. */
const TASK = 'task';

export interface CheckWorkloadProps {
  /**
   * Whether a mount path is one that the platform itself provides, so that no container has to have it.
   * @default - the platform provides none
   */
  readonly providesMount?: (mount: MountPath) => boolean;
}

/**
 * Throws unless a workload is one that any platform could run. A platform calls it first in `run`, then checks
 * what only its own machines want.
 * @param path path of the construct that runs it, for messages
 */
export function checkWorkload(path: string, workload: Workload, props: CheckWorkloadProps = {}): void {
  const { containers, replicas = 1 } = workload;
  if (Object.keys(containers).length === 0) throw containersMissing(path);
  if (!isCount(replicas)) throw replicasInvalid(path, replicas);
  checkVolumes(path, workload);
  checkScaling(path, workload);
  for (const [name, container] of Object.entries(containers)) {
    assertName('a container', name, path);
    checkImage(path, name, container.image);
    checkUser(path, name, container);
    checkCommand(path, name, container);
    checkVariables(path, name, container);
    checkMounts(path, name, container, props);
    checkPorts(path, name, container);
  }
}

/**
 * Throws unless a task is one that any platform of containers could run.
 * @param path path of the construct that runs it, for messages
 */
export function checkTask(path: string, task: Task): void {
  const { timeoutSeconds = 1 } = task;
  checkImage(path, TASK, task.image);
  checkUser(path, TASK, task);
  if (task.command.length === 0) throw commandEmpty(path, TASK);
  if (!isCount(timeoutSeconds)) throw timeoutInvalid(path, timeoutSeconds);
  checkCommand(path, TASK, task);
  checkVariables(path, TASK, task);
  checkMounts(path, TASK, task, {});
}

function checkUser(path: string, name: string, { userId = 1 }: Container): void {
  if (!isCount(userId)) throw userInvalid(path, name, userId);
}

function checkCommand(path: string, name: string, { command, program }: Container): void {
  if (program !== undefined && command.length === 0) throw commandEmpty(path, name);
  if (command.some(holdsSecret)) throw secretInCommand(path, name);
}

function checkVariables(path: string, name: string, { variables = {} }: Container): void {
  for (const variable of Object.keys(variables)) {
    if (!VARIABLE_NAME.test(variable)) throw variableInvalid(path, name, variable);
  }
}

function checkMounts(path: string, name: string, container: Container, props: CheckWorkloadProps): void {
  const { command, files = {}, variables = {}, volumes = {} } = container;
  for (const mount of [...Object.keys(files), ...Object.keys(volumes)]) {
    if (!MOUNT.test(mount) || mount.split('/').includes('..')) throw mountInvalid(path, name, mount);
  }
  const values: readonly Value[] = [...command, ...Object.values(variables), ...Object.values(files)];
  for (const part of values.flatMap(valueParts)) {
    if (!(part instanceof MountPath) || props.providesMount?.(part)) continue;
    if (Object.hasOwn(files, part.path) || Object.hasOwn(volumes, part.path)) continue;
    throw mountUnknown(path, name, part.path);
  }
}

function checkVolumes(path: string, { containers }: Workload): void {
  const sizes = new Map<string, number>();
  const owners = new Map<string, number>();
  for (const { volumes = {}, userId = DEFAULT_USER_ID } of Object.values(containers)) {
    const inContainer = new Set<string>();
    for (const [mount, volume] of Object.entries(volumes)) {
      const { name, sizeGiB } = volume;
      if (typeof name !== 'string') throw volumeInvalid(path, mount);
      assertName('a volume', name, path);
      if (!isCount(sizeGiB)) throw volumeSizeInvalid(path, name, sizeGiB);
      const isOther = sizes.has(name) && sizes.get(name) !== sizeGiB;
      if (isOther || inContainer.has(name)) throw volumeDuplicate(path, name);
      const owner = owners.get(name) ?? userId;
      if (owner !== userId) throw volumeOfManyUsers(path, name, [owner, userId]);
      sizes.set(name, sizeGiB);
      owners.set(name, userId);
      inContainer.add(name);
    }
  }
}

function checkScaling(path: string, { scaling, containers }: Workload): void {
  if (scaling === undefined) return;
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent = 100 } = scaling;
  if (!isCount(minReplicas)) throw scalingInvalid(path, 'minReplicas', minReplicas);
  if (!isCount(maxReplicas) || maxReplicas < minReplicas)
    throw scalingInvalid(path, 'maxReplicas', maxReplicas);
  for (const [name, percent] of Object.entries({ cpuPercent, memoryPercent })) {
    if (!isCount(percent) || percent > 100) throw scalingInvalid(path, name, percent);
  }
  const hasVolumes = Object.values(containers).some(({ volumes = {} }) => Object.keys(volumes).length > 0);
  if (hasVolumes && maxReplicas > 1) throw scalingWithVolumes(path);
}

function checkPorts(path: string, name: string, { ports = {}, probe }: Container): void {
  for (const [portName, { port }] of Object.entries(ports)) {
    if (Token.isUnresolved(port)) throw portUnknown(path, name, portName);
    if (!isCount(port) || port > MAX_PORT) throw portInvalid(path, name, port);
  }
  if (probe === undefined) return;
  if (probe.port === undefined && probe.command === undefined) throw probeEmpty(path, name);
  if (probe.port !== undefined && !Object.hasOwn(ports, probe.port)) {
    throw probePortUnknown(path, name, probe.port);
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
