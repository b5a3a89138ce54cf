export type { Fault } from './faults';
export { notChecked, type Level } from './level/level';
export type { RehearsalResult, RehearsedResource, RehearsedStack, StepName, StepResult } from './run/result';
