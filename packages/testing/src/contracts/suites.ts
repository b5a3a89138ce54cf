import type { CheckContext, CheckReport } from './check';
import { contractBroken, rehearsalFailed, toolCannotRun } from './errors';
import { appliedOnly, rehearseRecipes } from './rehearse-recipes';
import type { CapabilityRecipe, Exemptions, PlatformRecipe, ToolRecipe } from './recipe';
import { recipeStages, type RecipeStage } from './recipe-environment';
import {
  capabilityContext,
  checkToolInStage,
  rehearsalProblems,
  stageFacts,
  type RehearsedRecipes,
} from './rehearsed-recipes';
import { checkCluster, checkMachineGroup, checkObjectStore, checkPostgres } from './run-suites';
import { sampleProgram } from './sample-program';
import { sampleTool } from './sample-tool';
import type { StageFacts } from './stage-facts';

/** What Jest and its like put into the global scope. */
interface TestGlobals {
  describe(title: string, register: () => void): void;
  it(title: string, test: () => Promise<void>, timeoutMs?: number): void;
}

const { describe, it } = globalThis as unknown as TestGlobals;

const TIMEOUT_MS = 300_000;

/** Those that are rehearsed together with the capabilities of a platform. */
const sampleTools: readonly ToolRecipe[] = [sampleTool, sampleProgram];

/** Registers tests that a platform's clusters are what every `KubernetesCluster` must be. */
export function kubernetesClusterContract(platform: PlatformRecipe): void {
  capabilityContract(
    'KubernetesCluster',
    () => ofPlatform(platform),
    platform,
    (facts, context) => facts.clusters.map((cluster) => checkCluster(cluster, context)),
  );
}

/** Registers tests that a platform's PostgreSQL servers are what every `PostgresDatabase` must be. */
export function postgresDatabaseContract(platform: PlatformRecipe): void {
  capabilityContract(
    'PostgresDatabase',
    () => ofPlatform(platform),
    platform,
    (facts, context) => facts.postgresServers.map((server) => checkPostgres(server, context)),
  );
}

/** Registers tests that the object stores a platform makes are what every `ObjectStore` must be. */
export function objectStoreContract(platform: PlatformRecipe): void {
  capabilityContract(
    'ObjectStore',
    () => ofPlatform(platform),
    platform,
    (facts, context) => facts.objectStores.map((store) => checkObjectStore(store, context)),
  );
}

/** Registers tests that groups of machines are what every `MachineGroup` must be. */
export function machineGroupContract(recipe: CapabilityRecipe): void {
  capabilityContract(
    'MachineGroup',
    () => rehearseRecipes(recipe, []),
    recipe,
    (facts, context) => facts.machineGroups.map((group) => checkMachineGroup(group, facts.secrets, context)),
  );
}

/**
 * Registers tests that a tool is what every tool must be, on one platform. The spec of a platform uses it with
 * {@link sampleTool}, that of a tool with the platforms it can import.
 */
export function toolContract(tool: ToolRecipe, platform: PlatformRecipe): void {
  describe(`${tool.tool} on ${platform.provider}`, () => {
    let running: Promise<RehearsedRecipes> | undefined;
    const rehearsed = (): Promise<RehearsedRecipes> =>
      sampleTools.includes(tool)
        ? ofPlatform(platform)
        : (running ??= rehearseRecipes(platform, [tool], appliedOnly));
    forEveryStage(async (stage) => {
      const found = await rehearsed();
      const obstacle = found.obstacles.get(tool.tool);
      if (obstacle !== undefined) throw toolCannotRun(tool.tool, platform.provider, obstacle);
      return [checkToolInStage(found, tool, stage)];
    });
  });
}

function capabilityContract(
  capability: keyof Exemptions,
  rehearse: () => Promise<RehearsedRecipes>,
  recipe: CapabilityRecipe,
  check: (facts: StageFacts, context: CheckContext) => readonly CheckReport[],
): void {
  describe(`${capability} of ${recipe.provider}`, () => {
    forEveryStage(async (stage) => {
      const rehearsed = await rehearse();
      const problems = rehearsalProblems(rehearsed.result);
      if (problems.length > 0) throw rehearsalFailed(rehearsed.result.environment, problems);
      const reports = check(stageFacts(rehearsed, stage), capabilityContext(recipe, capability, stage));
      if (reports.length > 0) return reports;
      return [
        { ran: [], findings: [{ check: 'present', message: `there is no ${capability}, expected one` }] },
      ];
    });
  });
}

function forEveryStage(check: (stage: RecipeStage) => Promise<readonly CheckReport[]>): void {
  for (const stage of Object.keys(recipeStages) as RecipeStage[]) {
    it(
      `holds its contract with the profile ${recipeStages[stage]}`,
      async () => {
        const findings = (await check(stage)).flatMap((report) => report.findings);
        if (findings.length > 0) throw contractBroken(findings);
      },
      TIMEOUT_MS,
    );
  }
}

/** One rehearsal for all suites of a recipe in one spec. */
const rehearsals = new WeakMap<CapabilityRecipe, Promise<RehearsedRecipes>>();

function once(
  recipe: CapabilityRecipe,
  rehearse: () => Promise<RehearsedRecipes>,
): Promise<RehearsedRecipes> {
  const running = rehearsals.get(recipe) ?? rehearse();
  rehearsals.set(recipe, running);
  return running;
}

function ofPlatform(platform: PlatformRecipe): Promise<RehearsedRecipes> {
  return once(platform, () => rehearseRecipes(platform, sampleTools, appliedOnly));
}
