import { existsSync, lstatSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookContext, PlatformHooks } from '@mlterra/core';
import { parseChildError } from '@mlterra/core/errors';
import { runTask, type OwnerTask } from './as-owner';
import { chooseAccount, grantFolder, isRoot } from './runtime/account';
import { ownEnvironment } from './runtime/child-environment';
import { runCommand } from './runtime/command';
import type { DataFolder } from './runtime/data-folder';
import { currentDataFolder } from './runtime/recorded-folder';
import {
  hasProcesses,
  isUsed,
  keptFolders,
  stacksWithAnything,
  stacksWithProcesses,
} from './runtime/release';
import type { HookData } from './spec';

/** The resource that a finding asks to replace. */
const ADDRESS = 'terraform_data.processes';

/** More than its waits for another run and for the end of the processes together. */
const TASK_SECONDS = 1_800;

const AS_OWNER = join(__dirname, '..', 'dist', 'as-owner.js');

/** What the engine can ask of the host. */
export const hooks: PlatformHooks = {
  async probe(context) {
    const { processes } = context.data as HookData;
    if (processes.length === 0) return [];
    const data = dataFolder(context);
    const problems = existsSync(data.root)
      ? await asOwner<string[]>(data, { kind: 'probe', name: nameOf(context), processes })
      : processes.map((process) => `process ${process} is missing`);
    return problems.map((problem) => ({ address: ADDRESS, problem }));
  },

  async release(context) {
    const data = dataFolder(context);
    const name = nameOf(context);
    if (!hasProcesses(data, name) && !(context.purge && keptFolders(data, name).length > 0)) {
      const kept = keptFolders(data, name).map((path) => `${path} (removed by destroy --purge)`);
      if (context.purge) await tidy(data, name);
      return { released: [], kept, left: [] };
    }
    const report = await asOwner<Awaited<ReturnType<NonNullable<PlatformHooks['release']>>>>(data, {
      kind: 'release',
      name,
      purge: context.purge,
    });
    if (context.purge) removeEmpty(data.root);
    return report;
  },

  inventory(context) {
    const data = dataFolder(context);
    const list = context.withData ? stacksWithAnything : stacksWithProcesses;
    return Promise.resolve(list(data, context.environment, context.stage));
  },

  locateSecret(context, reference) {
    return Promise.resolve(dataFolder(context).absolute(reference));
  },
};

function dataFolder(context: Pick<HookContext, 'environmentDir' | 'environment'>): DataFolder {
  return currentDataFolder(context.environmentDir, context.environment);
}

function nameOf({ environment, stage, stack }: HookContext): OwnerTask['name'] {
  return { environment, stage, stack };
}

/** Does a task as the owner of the data folder: what lies in it is not to be trusted with the rights of root. */
async function asOwner<T>(data: DataFolder, task: OwnerTask): Promise<T> {
  // Somebody deleted it while processes run.
  if (!existsSync(data.root)) grantFolder(data.root, chooseAccount());
  if (!isRoot()) return (await runTask(data, task)) as T;
  const input = JSON.stringify({ root: data.root, task });
  const result = await runCommand(process.execPath, [AS_OWNER], {
    environment: ownEnvironment(process.env),
    input,
    timeoutSeconds: TASK_SECONDS,
  });
  if (result.code === 0) return JSON.parse(result.stdout) as T;
  throw parseChildError(result.stderr) ?? new Error(result.stderr);
}

/** Removes what an apply that failed early has left of a data folder. */
async function tidy(data: DataFolder, name: OwnerTask['name']): Promise<void> {
  const found = lstatSync(data.root, { throwIfNoEntry: false });
  const mine = isRoot() || found?.uid === process.getuid!();
  if (found === undefined || !mine || isUsed(data)) return;
  try {
    await asOwner(data, { kind: 'tidy', name });
  } catch (error) {
    // The release of another stack may have done it at the same time.
    if (existsSync(data.root)) throw error;
  }
  removeEmpty(data.root);
}

/** Removes a data folder that a purge has emptied, and the folder that root has made for it. */
function removeEmpty(root: string): void {
  for (const folder of process.env.MLTERRA_DATA_DIR ? [root] : [root, dirname(root)]) {
    try {
      rmdirSync(folder);
    } catch {
      // Not empty, or not ours.
      return;
    }
  }
}
