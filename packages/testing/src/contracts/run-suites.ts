import { clusterChecks } from './cluster-checks';
import { runChecks, type Check, type CheckContext, type CheckReport } from './check';
import type { ClusterFacts, MachineGroupFacts, ObjectStoreFacts, PostgresFacts } from './facts';
import { machineGroupChecks } from './machine-group-checks';
import { objectStoreChecks } from './object-store-checks';
import { postgresChecks } from './postgres-checks';
import { toolChecks } from './tool/tool-checks';
import type { ToolFacts } from './tool/tool-facts';

export function checkCluster(facts: ClusterFacts, context: CheckContext): CheckReport {
  return runChecks(clusterChecks, facts, context);
}

export function checkPostgres(facts: PostgresFacts, context: CheckContext): CheckReport {
  return runChecks(postgresChecks, facts, context);
}

export function checkObjectStore(facts: ObjectStoreFacts, context: CheckContext): CheckReport {
  return runChecks(objectStoreChecks, facts, context);
}

/** @param secrets those of the stage, which machines are not told at boot */
export function checkMachineGroup(
  facts: MachineGroupFacts,
  secrets: readonly string[],
  context: CheckContext,
): CheckReport {
  return runChecks(machineGroupChecks, { ...facts, secrets }, context);
}

export function checkTool(facts: ToolFacts, context: CheckContext): CheckReport {
  return runChecks(toolChecks, facts, context);
}

/** The rules of every suite, by its name. */
export const contractRules: Readonly<Record<string, readonly Pick<Check<never>, 'id' | 'rule'>[]>> = {
  KubernetesCluster: clusterChecks,
  PostgresDatabase: postgresChecks,
  ObjectStore: objectStoreChecks,
  MachineGroup: machineGroupChecks,
  tool: toolChecks,
};
