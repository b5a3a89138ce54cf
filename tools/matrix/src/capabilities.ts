import {
  checkCluster,
  checkContext,
  checkMachineGroup,
  checkObjectStore,
  checkPostgres,
  recipeStages,
  stageFacts,
  type CheckReport,
  type Finding,
  type RecipeStage,
  type RehearsedRecipes,
} from '@mlterra/testing/contracts';

/** A broken rule of the contract of a capability. */
export interface CapabilityFinding extends Finding {
  readonly capability: string;
}

/** What is wrong with all that a platform offers, over all stages. */
export function checkCapabilities(rehearsed: RehearsedRecipes): readonly CapabilityFinding[] {
  return (Object.keys(recipeStages) as RecipeStage[]).flatMap((stage) => {
    const context = checkContext(rehearsed.platform, stage);
    const facts = stageFacts(rehearsed, stage);
    const findings = (capability: string, reports: readonly CheckReport[]): readonly CapabilityFinding[] =>
      reports.flatMap((report) => report.findings.map((finding) => ({ capability, ...finding })));
    return [
      ...findings(
        'KubernetesCluster',
        facts.clusters.map((each) => checkCluster(each, context)),
      ),
      ...findings(
        'PostgresDatabase',
        facts.postgresServers.map((each) => checkPostgres(each, context)),
      ),
      ...findings(
        'ObjectStore',
        facts.objectStores.map((each) => checkObjectStore(each, context)),
      ),
      ...findings(
        'MachineGroup',
        facts.machineGroups.map((each) => checkMachineGroup(each, facts.secrets, context)),
      ),
    ];
  });
}
