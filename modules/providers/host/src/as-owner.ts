import { text } from 'node:stream/consumers';
import { childErrorLine, MlterraError } from '@mlterra/core/errors';
import { ownerOf } from './runtime/account';
import { DataFolder, type StackName } from './runtime/data-folder';
import { probeStack } from './runtime/probe';
import { releaseStack, removeIfUnused } from './runtime/release';
import { enterAsOwner } from './runtime/session';

/** What root has done by a process that has given up its rights. */
export type OwnerTask =
  | { readonly kind: 'probe'; readonly name: StackName; readonly processes: readonly string[] }
  | { readonly kind: 'release'; readonly name: StackName; readonly purge: boolean }
  /** Empties the data folder, unless any stack uses it. */
  | { readonly kind: 'tidy'; readonly name: StackName };

/** Does a task on a data folder. */
export async function runTask(data: DataFolder, task: OwnerTask): Promise<unknown> {
  switch (task.kind) {
    case 'probe':
      return probeStack(data, task.name, task.processes);
    case 'release':
      return releaseStack(data, task.name, task.purge);
    case 'tidy':
      return removeIfUnused(data);
  }
}

async function main(): Promise<void> {
  const { root, task } = JSON.parse(await text(process.stdin)) as { root: string; task: OwnerTask };
  const data = new DataFolder(root, task.name.environment);
  enterAsOwner(data, ownerOf(root));
  process.stdout.write(JSON.stringify((await runTask(data, task)) ?? null));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(MlterraError.is(error) ? childErrorLine(error) : error);
    process.exitCode = 1;
  });
}
