import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { StackJournal, type Journal } from '../journal/journal';
import type { EnvironmentRun } from './context';

/** Stacks that a run from this checkout began to change and did not finish. */
export function journalsOf(
  run: EnvironmentRun,
): readonly { readonly key: string; readonly id: string; readonly journal: Journal }[] {
  const folder = path.join(run.environment.dir, '.mlterra', 'stacks');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((id) => {
    const journal = new StackJournal(path.join(folder, id)).read();
    if (journal === undefined) return [];
    const known = [...run.stacks.values()].find((stack) => stack.id === id);
    return [{ key: known?.key ?? `${run.environment.name}/${id.replace('-', '/')}`, id, journal }];
  });
}
