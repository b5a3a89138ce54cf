export { compareProviderBinary } from './compare/compare-binary';
export { agreement, type SchemaComparison, type SchemaDifference } from './compare/compare-schemas';
export { comparisonText } from './compare/comparison-text';
export type { Fault } from './faults';
export { notChecked, type Level } from './level/level';
export type { RehearsalResult, RehearsedResource, RehearsedStack, StepName, StepResult } from './run/result';
