export type { Fault } from './faults';
export { notChecked, type Level } from './level/level';
export type { LevelChoice } from './run/levels';
export { rehearseEnvironment, type RehearsalTarget, type RehearseOptions } from './run/rehearse-environment';
export type { RehearsalResult, RehearsedResource, RehearsedStack, StepName, StepResult } from './run/result';
