import { stageNameInvalid } from './errors';
import { realProcess } from './real-process';

/**
 * Runs one stage of a test unless the environment variable `SKIP_<name>` is set to something, as Terratest's
 * `test_structure.RunTestStage`: `SKIP_destroy=1` keeps what a test made, `SKIP_apply=1` then uses it again.
 * @returns what the stage returned, or `undefined` when it was skipped
 */
export async function stage<T>(name: string, work: () => T | Promise<T>): Promise<T | undefined> {
  if (!/^\w+$/.test(name)) throw stageNameInvalid(name);
  if (!isStageSkipped(name)) return work();
  realProcess.stderr.write(`SKIP_${name} is set: stage ${name} is skipped.\n`);
  return undefined;
}

export function isStageSkipped(name: string): boolean {
  return Boolean(process.env[`SKIP_${name}`]);
}
