import { text } from 'node:stream/consumers';
import { childErrorLine, MlterraError } from '@mlterra/core/errors';
import { ownerOf } from './runtime/account';
import { DataFolder, type StackName } from './runtime/data-folder';
import { probeStack } from './runtime/probe';
import { releaseStack } from './runtime/release';
import { enterAsOwner } from './runtime/session';

/** What root has done by a process that has given up its rights. */
export type OwnerTask =
  | { readonly kind: 'probe'; readonly name: StackName; readonly processes: readonly string[] }
  | { readonly kind: 'release'; readonly name: StackName; readonly purge: boolean };

/** Does a task on a data folder. */
export function runTask(data: DataFolder, task: OwnerTask): Promise<unknown> {
  return task.kind === 'probe'
    ? probeStack(data, task.name, task.processes)
    : releaseStack(data, task.name, task.purge);
}

async function main(): Promise<void> {
  const { root, task } = JSON.parse(await text(process.stdin)) as { root: string; task: OwnerTask };
  const data = new DataFolder(root, task.name.environment);
  enterAsOwner(data, ownerOf(root));
  process.stdout.write(JSON.stringify(await runTask(data, task)));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(MlterraError.is(error) ? childErrorLine(error) : error);
    process.exitCode = 1;
  });
}
