export type { Check, CheckContext, CheckReport, Finding } from './check';
export type {
  ClusterFacts,
  GrantFacts,
  MachineGroupFacts,
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  PostgresLoginFacts,
  Rehearsed,
  SecretUse,
  WorkloadFacts,
} from './facts';
export type {
  CapabilityRecipe,
  DatabaseUrlExpectation,
  PlatformRecipe,
  PlatformServices,
  ToolExpectations,
  ToolNeed,
  ToolRecipe,
  ToolServices,
  ValueSource,
  Way,
  WorkloadExpectation,
} from './recipe';
export { recordingRecipe } from './recording-recipe';
export { recipeEnvironment, recipeStages, type RecipeStage } from './recipe-environment';
export { appliedOnly, rehearseRecipes, type RehearseRecipesOptions } from './rehearse-recipes';
export {
  checkContext,
  checkToolInStage,
  levelOf,
  rehearsalProblems,
  stageFacts,
  type RehearsedRecipes,
} from './rehearsed-recipes';
export {
  checkCluster,
  checkMachineGroup,
  checkObjectStore,
  checkPostgres,
  checkTool,
  contractRules,
} from './run-suites';
export { sampleTool } from './sample-tool';
export { observeStage, rehearsedStage, type StageFacts } from './stage-facts';
export {
  kubernetesClusterContract,
  machineGroupContract,
  objectStoreContract,
  postgresDatabaseContract,
  toolContract,
} from './suites';
export type { ToolFacts } from './tool/tool-facts';
