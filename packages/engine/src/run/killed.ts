import { parseStackKey } from '@mlterra/core';
import { engineKilled } from '../errors';
import type { Journal } from '../journal/journal';
import type { MlterraError } from '@mlterra/core';

/** The error of an engine that was killed while it changed something: what may be left of it. */
export function killed({ key }: { readonly key: string }, journal: Journal | undefined): MlterraError {
  const { environment, stage, stack } = parseStackKey(key)!;
  return engineKilled(
    key,
    journal?.unfinished ?? [],
    `npx mlterra unlock ${environment} -c ${stage} ${stack}`,
  );
}
