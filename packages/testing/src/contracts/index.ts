export type { Check, CheckContext, CheckReport, Finding } from './check';
export type {
  ChartFacts,
  ClusterFacts,
  Egress,
  EgressFacts,
  GrantFacts,
  MachineGroupFacts,
  ObjectFacts,
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  PostgresLoginFacts,
  Rehearsed,
  ProbeFacts,
  SecretUse,
  SelfRun,
  TaskFacts,
  WorkloadFacts,
} from './facts';
export type {
  CapabilityRecipe,
  ChartExpectation,
  DatabaseUrlExpectation,
  Exemptions,
  ObjectExpectation,
  PlatformRecipe,
  PlatformServices,
  Programs,
  Served,
  ServedDatabase,
  ServedObjectStore,
  ServerServices,
  ToolExpectations,
  ToolNeed,
  ToolRecipe,
  ToolServices,
  ValueSource,
  Way,
  WorkloadExpectation,
} from './recipe';
export { recordingRecipe, recordingRecipeOf } from './recording-recipe';
export {
  recipeEnvironment,
  recipeStages,
  type RecipeEnvironmentOptions,
  type RecipeStage,
} from './recipe-environment';
export { appliedOnly, rehearseRecipes, type RehearseRecipesOptions } from './rehearse-recipes';
export {
  capabilityContext,
  checkContext,
  checkToolInStage,
  levelOf,
  rehearsalProblems,
  stackFactsOf,
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
export { sampleProgram } from './sample-program';
export { sampleTool } from './sample-tool';
export { servedRecipe } from './served-recipe';
export { expectationsOn, observeStage, rehearsedStage, type StageFacts } from './stage-facts';
export {
  kubernetesClusterContract,
  machineGroupContract,
  objectStoreContract,
  postgresDatabaseContract,
  toolContract,
} from './suites';
export { applicable, type ToolFacts } from './tool/tool-facts';
