import { existsSync, renameSync } from 'node:fs';
import { localStateFile } from '../state/private-state';
import type { SynthesizedStack } from '../synth/synthesize';
import { WorkDir } from '../work/work-dir';
import type { EnvironmentRun } from './context';
import { isTorn } from './torn-state';

/**
 * Moves a local state aside that Terraform could write in part only, where the whole of it is in the working folder
 * (`errored.tfstate`): a disk that was full. The apply then stores that one.
 */
export async function setAsideCutOff(run: EnvironmentRun, stack: SynthesizedStack): Promise<void> {
  const { location } = stack;
  const dir = new WorkDir(run.environment.dir, stack.id);
  if (location.type !== 'local' || dir.erroredState === undefined || !(await isTorn(run, location))) return;
  const file = localStateFile(run.environment.dir, location);
  if (existsSync(file)) renameSync(file, `${file}.cut-off`);
  run.progress.note(
    `${stack.key}: its state was written in part only; that is now ${file}.cut-off, and the whole one is stored`,
  );
}
