import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PromiseExecutor } from '@nx/devkit';
import { e2eRunnerMissing } from '../errors';
import { checkTask } from './check-task';
import type { EnvironmentOptions } from './options';
import { printError } from './print-error';
import { environmentDir } from './run-environment';

/** Runs jest with the jest.e2e.config.js of the environment; the stage is in MLTERRA_STAGE. */
export const e2e: PromiseExecutor<Pick<EnvironmentOptions, 'stage'>> = async (options, context) => {
  const project = context.projectName!;
  try {
    checkTask({ project, target: context.targetName!, options }, context);
    const dir = environmentDir(project, context);
    const jest = spawn(process.execPath, [jestIn(dir), '--config', 'jest.e2e.config.js', '--runInBand'], {
      cwd: dir,
      stdio: 'inherit',
      env: { ...process.env, ...(options.stage === undefined ? {} : { MLTERRA_STAGE: options.stage }) },
    });
    const [code] = (await once(jest, 'exit')) as [number | null];
    return { success: code === 0 };
  } catch (error) {
    printError(error, context.isVerbose);
    return { success: false };
  }
};

function jestIn(dir: string): string {
  const { resolve } = createRequire(path.join(dir, 'jest.e2e.config.js'));
  try {
    return path.join(path.dirname(resolve('jest/package.json')), 'bin', 'jest.js');
  } catch {
    throw e2eRunnerMissing(dir);
  }
}
