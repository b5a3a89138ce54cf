import { profiles } from '@mlterra/core';
import type { RehearsalResult, RehearsedStack } from '@mlterra/rehearsal';
import type { MatrixLevel } from '../matrix/cell';
import type { CheckContext, CheckReport, Finding } from './check';
import { exemptionUnknown } from './errors';
import type { CapabilityRecipe, Exemptions, Programs, ToolRecipe } from './recipe';
import { recipeStages, type RecipeStage } from './recipe-environment';
import { checkTool, contractRules } from './run-suites';
import { observeStage, rehearsedStage, stackName, toolFacts, type StageFacts } from './stage-facts';

/** What a rehearsal of recipes left to be looked at. */
export interface RehearsedRecipes {
  readonly platform: CapabilityRecipe;
  readonly stages: readonly RecipeStage[];
  /** Why tools were left out, by the name of the tool. */
  readonly obstacles: ReadonlyMap<string, string>;
  /** Stacks that were built before those of tools and belong to them, by the name of the tool. */
  readonly earlier: ReadonlyMap<string, readonly string[]>;
  /** The raw log of the engine. */
  readonly log?: readonly string[];
  readonly result: RehearsalResult;
}

/** What the facts of a stage are judged by. */
export function checkContext(
  { platformKind, accessManagement }: Pick<CapabilityRecipe, 'platformKind' | 'accessManagement'>,
  stage: RecipeStage,
): CheckContext {
  return { profile: profiles[recipeStages[stage]], platformKind, accessManagement };
}

/** What the facts about one capability are judged by, without the checks that mean nothing on the platform. */
export function capabilityContext(
  recipe: Pick<CapabilityRecipe, 'provider' | 'platformKind' | 'accessManagement' | 'exempt'>,
  capability: keyof Exemptions,
  stage: RecipeStage,
): CheckContext {
  const exempt = recipe.exempt?.[capability] ?? {};
  const known = contractRules[capability]!.map(({ id }) => id);
  const unknown = Object.keys(exempt).find((id) => !known.includes(id));
  if (unknown !== undefined) throw exemptionUnknown(recipe.provider, capability, unknown, known);
  return { ...checkContext(recipe, stage), exempt };
}

/** Observers read a stage once: what was applied does not change. */
const observed = new WeakMap<RehearsedRecipes, Map<RecipeStage, StageFacts>>();

export function stageFacts(rehearsed: RehearsedRecipes, stage: RecipeStage): StageFacts {
  const { platform, result } = rehearsed;
  const stages = observed.get(rehearsed) ?? new Map<RecipeStage, StageFacts>();
  observed.set(rehearsed, stages);
  const facts = stages.get(stage) ?? observeStage(platform.observer, rehearsedStage(result.stacks, stage));
  stages.set(stage, facts);
  return facts;
}

/** Stacks of a tool in a stage, as facts name them: its own, then those that were built before it. */
function stacksOf(
  { earlier }: Pick<RehearsedRecipes, 'earlier'>,
  { tool }: Pick<ToolRecipe, 'tool'>,
  stage: RecipeStage,
): readonly [string, ...string[]] {
  return [`${stage}-${tool}`, ...(earlier.get(tool) ?? []).map((name) => `${stage}-${name}`)];
}

/** What is there of one tool in a stage. */
export function stackFactsOf(
  rehearsed: RehearsedRecipes,
  tool: Pick<ToolRecipe, 'tool'>,
  stage: RecipeStage,
): Programs {
  const stacks = stacksOf(rehearsed, tool, stage);
  const own = <T extends { readonly stack: string }>(all: readonly T[]): readonly T[] =>
    all.filter((each) => stacks.includes(each.stack));
  const { workloads, tasks, charts, objects } = stageFacts(rehearsed, stage);
  return { workloads: own(workloads), tasks: own(tasks), charts: own(charts), objects: own(objects) };
}

/** Checks a tool as a stage has it, together with how its stack fared in the rehearsal. */
export function checkToolInStage(
  rehearsed: RehearsedRecipes,
  tool: ToolRecipe,
  stage: RecipeStage,
): CheckReport {
  const stacks = stacksOf(rehearsed, tool, stage);
  const resources = rehearsedStage(rehearsed.result.stacks, stage);
  const { platformKind } = rehearsed.platform;
  const facts = toolFacts(tool, platformKind, stacks, resources, stageFacts(rehearsed, stage));
  const { ran, findings } = checkTool(facts, checkContext(rehearsed.platform, stage));
  const problems = stacks
    .flatMap((name) => stackProblems(rehearsed.result, name))
    .map((message): Finding => ({ check: 'rehearsed', message }));
  // Of a stack that is not there nothing else can be said.
  return { ran: ['rehearsed', ...ran], findings: problems.length > 0 ? problems : findings };
}

/** How a stack failed; empty where it did not. */
export function stackProblems({ stacks, error }: RehearsalResult, name: string): readonly string[] {
  const stack = stacks.find((each) => stackName(each) === name);
  if (stack === undefined)
    return [`${name}: it was not rehearsed${error === undefined ? '' : `: ${error.message}`}`];
  const failed = failedSteps(stack);
  const applied = stack.steps.some((step) => step.name === 'apply' && step.status === 'passed');
  return failed.length > 0 || applied ? failed : [`${name}: it was not applied`];
}

/** Everything that went wrong in a rehearsal, a line each. */
export function rehearsalProblems({ stacks, error }: RehearsalResult): readonly string[] {
  return [...(error === undefined ? [] : [error.message]), ...stacks.flatMap(failedSteps)];
}

function failedSteps(stack: RehearsedStack): readonly string[] {
  return stack.steps
    .filter(({ status }) => status === 'failed')
    .map(({ name, error = 'no reason was given' }) => `${stackName(stack)}: ${name} failed: ${error}`);
}

/** The weakest level that a provider was rehearsed at; a rehearsal with built-in resources alone is no more than that. */
export function levelOf({ levels }: RehearsalResult): MatrixLevel {
  const used = new Set(Object.values(levels));
  if (used.size === 0 || used.has('rehearsal')) return 'rehearsed';
  return used.has('hybrid') ? 'hybrid' : 'real provider';
}
