import {
  checkToolInStage,
  type Finding,
  type PlatformRecipe,
  type RehearsedRecipes,
  type ToolRecipe,
} from '@mlterra/testing/contracts';
import { withCatalogue } from './catalogued';
import { missingChecks } from './required-checks';

/** What is wrong with one tool on one platform, over all stages, and which checks said so. */
export interface CheckedCell {
  readonly checks: readonly string[];
  readonly findings: readonly Finding[];
}

export function checkCell(
  rehearsed: RehearsedRecipes,
  tool: ToolRecipe,
  platform: PlatformRecipe,
): CheckedCell {
  const reports = rehearsed.stages.map((stage) =>
    withCatalogue(checkToolInStage(rehearsed, tool, stage), rehearsed, tool, stage),
  );
  return {
    checks: [...new Set(reports.flatMap(({ ran }) => ran))],
    findings: reports.flatMap((report) => [
      ...report.findings,
      ...missingChecks(report, tool, platform).map((check) => ({
        check,
        message: `the cell does not count, because this check did not run`,
      })),
    ]),
  };
}

/** Tools with something wrong, and the checks that said so. */
export function redCells(
  rehearsed: RehearsedRecipes,
  tools: readonly ToolRecipe[],
  platform: PlatformRecipe,
): Readonly<Record<string, readonly Finding[]>> {
  return Object.fromEntries(
    tools
      .filter(({ tool }) => !rehearsed.obstacles.has(tool))
      .map((tool) => [tool.tool, checkCell(rehearsed, tool, platform).findings] as const)
      .filter(([, findings]) => findings.length > 0),
  );
}
