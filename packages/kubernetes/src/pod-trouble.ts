import type { ClusterEvent, ClusterObject, ContainerStatus } from './cluster-objects';
import { WORKLOAD_LABEL } from './labels';

/** Containers on their way. */
const ORDINARY = ['ContainerCreating', 'PodInitializing'];

/** The one trouble that every pod has for a while. */
const UNANSWERED = 'runs, but its probe is not answered';

/** Whether a trouble ends by itself with most pods, once they have started. */
export function isUsual(trouble: string): boolean {
  return trouble.endsWith(UNANSWERED);
}

/** What keeps a pod from being of use, in words; undefined where nothing does. */
export function podTrouble({ metadata, status = {} }: ClusterObject): string | undefined {
  const name = metadata.labels?.[WORKLOAD_LABEL] ?? metadata.name;
  const unscheduled = status.conditions?.find(
    (condition) => condition.type === 'PodScheduled' && condition.status === 'False',
  );
  if (unscheduled) return `${name} finds no node: ${unscheduled.message ?? 'no reason is given'}`;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const trouble = containers.map(containerTrouble).find((each) => each !== undefined);
  return trouble === undefined ? undefined : `${name} ${trouble}`;
}

/** How often a pod is refused before that counts: its service account may come a moment later. */
const REFUSALS = 3;

/**
 * What keeps a pod from being made at all, e.g. the Pod Security Standard of its namespace; undefined where that is long
 * ago, or pods of the same owner are there.
 * @param since when a trouble begins to count
 */
export function refusalTrouble(
  { message = '', count = 1, lastTimestamp = '', involvedObject }: ClusterEvent,
  pods: readonly ClusterObject[],
  since: Date,
): string | undefined {
  const isOver = pods.some(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === involvedObject.uid),
  );
  if (isOver || count < REFUSALS || !(new Date(lastTimestamp) >= since)) return undefined;
  return `${involvedObject.kind} ${involvedObject.name} gets no pod: ${message.replace(/^Error creating: /, '')}`;
}

function containerTrouble({ ready, state = {} }: ContainerStatus): string | undefined {
  const { waiting, terminated, running } = state;
  if (waiting !== undefined && !ORDINARY.includes(waiting.reason ?? '')) {
    return `does not start: ${[waiting.reason, waiting.message].filter(Boolean).join(': ')}`;
  }
  if (terminated !== undefined && terminated.exitCode !== 0) {
    return `ended with exit code ${terminated.exitCode} (${terminated.reason ?? 'no reason is given'})`;
  }
  if (running !== undefined && ready === false) return UNANSWERED;
  return undefined;
}
