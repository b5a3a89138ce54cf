import type { CommandName } from '@mlterra/engine';
import type { ExecutorContext, PromiseExecutor, TaskGraph } from '@nx/devkit';
import type { EnvironmentOptions } from './options';
import { printError } from './print-error';
import { runEnvironment } from './run-environment';

/** An executor that runs one command on one environment, in a process of its own. */
export function environmentExecutor(command: CommandName): PromiseExecutor<EnvironmentOptions> {
  return async (options, context) => ({
    success: await attempt({
      command,
      project: context.projectName!,
      target: context.targetName!,
      options,
      context,
    }),
  });
}

/** What Nx calls for the tasks of several environments in one process. */
export type EnvironmentBatch = (
  taskGraph: TaskGraph,
  inputs: Record<string, EnvironmentOptions>,
  overrides: unknown,
  context: ExecutorContext,
) => Promise<BatchResults> | AsyncGenerator<{ task: string; result: BatchResult }>;

export type BatchResults = Record<string, BatchResult>;

export interface BatchResult {
  readonly success: boolean;
  /** Empty: what the engine prints goes to the terminal while it runs. */
  readonly terminalOutput: '';
  readonly startTime: number;
  readonly endTime: number;
}

/** The batch form of {@link environmentExecutor}: an environment that fails does not keep the others from running. */
export function environmentBatch(command: CommandName): EnvironmentBatch {
  return (taskGraph, inputs, _overrides, context) => {
    const results = runInTurn(command, taskGraph, inputs, context);
    // For every result that is yielded Nx prints a heading; over a single task it has printed one already.
    return Object.keys(taskGraph.tasks).length === 1 ? collect(results) : results;
  };
}

async function* runInTurn(
  command: CommandName,
  taskGraph: TaskGraph,
  inputs: Record<string, EnvironmentOptions>,
  context: ExecutorContext,
): AsyncGenerator<{ task: string; result: BatchResult }> {
  for (const [task, { target }] of Object.entries(taskGraph.tasks)) {
    const startTime = Date.now();
    const success = await attempt({ command, ...target, options: inputs[task]!, context });
    yield { task, result: { success, terminalOutput: '', startTime, endTime: Date.now() } };
  }
}

async function collect(
  results: AsyncGenerator<{ task: string; result: BatchResult }>,
): Promise<BatchResults> {
  const collected: BatchResults = {};
  for await (const { task, result } of results) collected[task] = result;
  return collected;
}

interface Attempt {
  readonly command: CommandName;
  readonly project: string;
  readonly target: string;
  readonly options: EnvironmentOptions;
  readonly context: ExecutorContext;
}

async function attempt({ context, ...task }: Attempt): Promise<boolean> {
  try {
    return await runEnvironment(task, context);
  } catch (error) {
    printError(error, task.options.verbose ?? context.isVerbose);
    return false;
  }
}
