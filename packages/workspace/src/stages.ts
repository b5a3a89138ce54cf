import type { EnvironmentLocation } from './environments';
import { stageUnknown } from './errors';
import { readStageNames } from './stage-names';

/** The names of the stages of all these environments, sorted. */
export function stageNamesOf(environments: readonly EnvironmentLocation[]): readonly string[] {
  return [...new Set(environments.flatMap((environment) => readStageNames(environment.file)))].sort();
}

/**
 * Refuses a stage that none of these environments has.
 * @throws MlterraError
 */
export function requireStage(environments: readonly EnvironmentLocation[], stage: string): void {
  const known = stageNamesOf(environments);
  if (!known.includes(stage)) throw stageUnknown(stage, known);
}
