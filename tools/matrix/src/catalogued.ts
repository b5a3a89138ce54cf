import { catalogue, imageName, type CatalogueEntry } from '@mlterra/catalogue';
import {
  stackFactsOf,
  type CheckReport,
  type Finding,
  type RecipeStage,
  type RehearsedRecipes,
  type ToolRecipe,
} from '@mlterra/testing/contracts';

export const CATALOGUED = 'catalogued';

const entries: readonly CatalogueEntry[] = Object.values(catalogue);
const images = new Set(entries.flatMap((entry) => Object.values(entry.images ?? {}).map(imageName)));
const charts = new Set(entries.flatMap(({ chart }) => (chart === undefined ? [] : [chartName(chart)])));

/** Images of programs of samples are nowhere. */
const SAMPLE = 'registry.example.org/sample/';

/** Adds to a report that every image and every chart of the tool is a release that the catalogue names. */
export function withCatalogue(
  { ran, findings }: CheckReport,
  rehearsed: RehearsedRecipes,
  tool: ToolRecipe,
  stage: RecipeStage,
): CheckReport {
  if (rehearsed.platform.platformKind === 'host') return { ran, findings };
  // What is no release at all is the business of other checks.
  const isPinned = !findings.some(({ check }) => ['image-pinned', 'tasks', 'charts'].includes(check));
  return {
    ran: [...ran, CATALOGUED],
    findings: isPinned ? [...findings, ...uncatalogued(rehearsed, tool, stage)] : findings,
  };
}

function uncatalogued(rehearsed: RehearsedRecipes, tool: ToolRecipe, stage: RecipeStage): readonly Finding[] {
  const facts = stackFactsOf(rehearsed, tool, stage);
  const finding = (address: string, what: string): Finding => ({
    check: CATALOGUED,
    message: `${address}: ${what} is in no entry of the catalogue, expected one that is`,
  });
  return [
    ...[...facts.workloads, ...facts.tasks].flatMap(({ address, image = '' }) =>
      images.has(image) || image.startsWith(SAMPLE) ? [] : [finding(address, `the image "${image}"`)],
    ),
    ...facts.charts
      .filter((chart) => !charts.has(chartName(chart)))
      .map((chart) => finding(chart.address, `the chart "${chartName(chart)}"`)),
  ];
}

/** `<repository> <name> <version>` */
function chartName(chart: {
  readonly repository?: string;
  readonly name?: string;
  readonly chart?: string;
  readonly version?: string;
}): string {
  return [chart.repository, chart.chart ?? chart.name, chart.version].join(' ');
}
