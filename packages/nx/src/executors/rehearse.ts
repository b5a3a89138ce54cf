import type { PromiseExecutor } from '@nx/devkit';
import { checkTask } from './check-task';
import { coloursAsOutput } from './colours';
import type { RehearseOptions } from './options';
import { printError } from './print-error';
import { environmentDir } from './run-environment';

/** Rehearses one environment. */
export const rehearse: PromiseExecutor<RehearseOptions> = async (options, context) => {
  const project = context.projectName!;
  const verbose = options.verbose ?? (context.isVerbose || process.env['NX_VERBOSE_LOGGING'] === 'true');
  try {
    checkTask({ project, target: context.targetName!, options }, context);
    coloursAsOutput();
    const { executeRehearsals } = await import('@mlterra/rehearsal');
    const code = await executeRehearsals({
      ...options,
      workspaceRoot: context.root,
      environmentDirs: [environmentDir(project, context)],
      verbose,
    });
    // Nx tells what a signal ended by the code of the process.
    if (code > 128) process.exit(code);
    return { success: code === 0 };
  } catch (error) {
    printError(error, verbose);
    return { success: false };
  }
};
