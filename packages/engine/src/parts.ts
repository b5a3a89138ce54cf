export { engineError, type Diagnostic } from './terraform/diagnostics';
export type { EngineBinary } from './terraform/engine-binary';
export { findEngine } from './terraform/find-engine';
export type { AttributeChange } from './terraform/attribute-changes';
export {
  summarisePlan,
  type PlannedAction,
  type PlannedChange,
  type PlanSummary,
} from './terraform/plan-json';
export { runEngine, type EngineRun, type EngineRunOptions } from './terraform/run-engine';
export { temporaryFolder } from './private-files/temporary-folder';
export { loadEnvironment } from './load/load-environment';
export { typecheckApart } from './load/typecheck-apart';
export { processStart } from './locks/process-start';
export { withSlot } from './locks/process-slots';
export { inOrder } from './run/in-order';
export { describeError } from './run/guard';
export {
  synthesizeDefinition,
  synthesizeTo,
  type SynthesizedStack,
  type TerraformConfig,
} from './synth/synthesize';
export { stageUnknown } from './errors';
export { writeAssets } from './synth/assets';
export { factsOfFiles, type ModuleFacts } from './inputs/module-facts';
export { readInstalledModules } from './inputs/installed-modules';
export { moduleFiles } from './inputs/modules-hash';
