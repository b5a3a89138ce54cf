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
