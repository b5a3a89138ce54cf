import path from 'node:path';
import type { CommandName, CommandRequest } from '@mlterra/engine';
import type { ExecutorContext } from '@nx/devkit';
import { checkTask } from './check-task';
import { coloursAsOutput } from './colours';
import type { EnvironmentOptions } from './options';

/** What one task is asked to do. */
export interface TaskRequest {
  readonly command: CommandName;
  /** Project of the environment. */
  readonly project: string;
  readonly target: string;
  readonly options: EnvironmentOptions;
}

/** Has the engine carry out a command on one environment; true when it succeeded. */
export async function runEnvironment(task: TaskRequest, context: ExecutorContext): Promise<boolean> {
  checkTask(task, context);
  coloursAsOutput();
  // The engine is large, and Nx loads the executors of every target to learn what they are.
  const { executeCommand } = await import('@mlterra/engine');
  return (await executeCommand(task.command, commandRequest(task, context))) === 0;
}

/** The request to the engine that a task stands for. */
export function commandRequest({ project, options }: TaskRequest, context: ExecutorContext): CommandRequest {
  const { lockTimeout, verbose, ...rest } = options;
  return {
    ...rest,
    workspaceRoot: context.root,
    environmentDirs: [environmentDir(project, context)],
    stageKnown: true,
    // Nx keeps --verbose to itself, and tells batches of it by the variable alone.
    verbose: verbose ?? (context.isVerbose || process.env['NX_VERBOSE_LOGGING'] === 'true'),
    ...(lockTimeout === undefined ? {} : { lockTimeoutSeconds: lockTimeout }),
  };
}

/** Absolute path of the folder of an environment. */
export function environmentDir(project: string, context: ExecutorContext): string {
  return path.join(context.root, context.projectsConfigurations.projects[project]!.root);
}
