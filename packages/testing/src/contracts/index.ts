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
