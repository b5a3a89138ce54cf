import { mustBe, wrong, type Check } from '../check';
import type { TaskFacts } from '../facts';
import { isPinned } from './image';
import type { ToolFacts } from './tool-facts';

/** What runs to its end, and what it may do. */
export const taskChecks: readonly Check<ToolFacts>[] = [
  {
    id: 'tasks',
    rule: 'Every task runs a pinned image as an ordinary user on a read-only root, without privileges, and is given up after a while.',
    applies: ({ tasks }) => tasks.length > 0,
    find: ({ tasks }) => tasks.flatMap(problems),
  },
];

function problems(task: TaskFacts): readonly string[] {
  const { address, image, timeoutSeconds, memoryLimitMiB } = task;
  return [
    ...(isPinned(image ?? '')
      ? []
      : [wrong(address, 'the image', image, 'one with the tag of a release, or a digest')]),
    ...mustBe(address, 'a user other than root', task.nonRoot, true),
    ...mustBe(address, 'a read-only root', task.readOnlyRoot, true),
    ...mustBe(address, 'the dropping of all capabilities', task.capabilitiesDropped, true),
    ...mustBe(address, 'privilege escalation', task.privilegeEscalation, false),
    ...((memoryLimitMiB ?? 0) > 0
      ? []
      : [wrong(address, 'the limit of memory', memoryLimitMiB, 'a number of MiB')]),
    ...((timeoutSeconds ?? 0) > 0
      ? []
      : [wrong(address, 'when it is given up', timeoutSeconds, 'a number of seconds')]),
  ];
}
