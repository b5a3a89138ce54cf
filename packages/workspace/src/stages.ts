import type { EnvironmentLocation } from './environments';
import { stageMissing, stageUnknown } from './errors';
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

/**
 * Refuses a stage that one of these environments lacks. For environments that a person named: what is selected in another
 * way may lack it.
 * @throws MlterraError
 */
export function requireStageOfEach(environments: readonly EnvironmentLocation[], stage: string): void {
  const lacking = environments
    .map(({ name, file }) => ({ name, stages: readStageNames(file) }))
    .filter(({ stages }) => !stages.includes(stage));
  if (lacking.length > 0) throw stageMissing(lacking, stage);
}
