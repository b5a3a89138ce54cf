import {
  capabilityContext,
  checkCluster,
  type CheckContext,
  type Exemptions,
  checkMachineGroup,
  checkObjectStore,
  checkPostgres,
  stageFacts,
  type CheckReport,
  type Finding,
  type RehearsedRecipes,
} from '@mlterra/testing/contracts';

/** A broken rule of the contract of a capability. */
export interface CapabilityFinding extends Finding {
  readonly capability: string;
}

/** What is wrong with all that a platform offers, over all stages. */
export function checkCapabilities(rehearsed: RehearsedRecipes): readonly CapabilityFinding[] {
  return rehearsed.stages.flatMap((stage) => {
    const facts = stageFacts(rehearsed, stage);
    const findings = (
      capability: keyof Exemptions,
      check: (context: CheckContext) => readonly CheckReport[],
    ): readonly CapabilityFinding[] =>
      check(capabilityContext(rehearsed.platform, capability, stage)).flatMap((report) =>
        report.findings.map((finding) => ({ capability, ...finding })),
      );
    return [
      ...findings('KubernetesCluster', (context) =>
        facts.clusters.map((each) => checkCluster(each, context)),
      ),
      ...findings('PostgresDatabase', (context) =>
        facts.postgresServers.map((each) => checkPostgres(each, context)),
      ),
      ...findings('ObjectStore', (context) =>
        facts.objectStores.map((each) => checkObjectStore(each, context)),
      ),
      ...findings('MachineGroup', (context) =>
        facts.machineGroups.map((each) => checkMachineGroup(each, facts.secrets, context)),
      ),
    ];
  });
}
