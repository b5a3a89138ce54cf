import type { ChartFacts, Rehearsed } from '@mlterra/testing/contracts';
import { egressFacts } from './egress-facts';
import { appliedReleases, otherReleases, plainTexts, type ReleaseResource } from './release';

/** The upstream charts in a stage, as the applied releases hand them to the cluster. */
export function observeKubernetesCharts(stage: Rehearsed): readonly ChartFacts[] {
  const objects = appliedReleases(stage).flatMap((release) => release.objects);
  return otherReleases(stage).map((resource): ChartFacts => {
    const { address, stack, values } = resource;
    return {
      address,
      stack,
      namespace: text(values.namespace),
      chart: text(values.chart),
      repository: text(values.repository),
      version: text(values.version),
      values: mergedValues(resource),
      plainText: plainTexts(resource),
      atomic: values.atomic === true,
      egress: egressFacts({ objects, namespace: text(values.namespace) ?? '' }),
    };
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Values of all texts, the later over the earlier; undefined where one is not JSON, or some are set in another way. */
function mergedValues({ values }: ReleaseResource): unknown {
  if ([values.set, values.set_list].some((set) => Array.isArray(set) && set.length > 0)) return undefined;
  if (!Array.isArray(values.values)) return undefined;
  try {
    return values.values.map((each) => JSON.parse(String(each)) as unknown).reduce(merge, {});
  } catch {
    return undefined;
  }
}

function merge(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  return {
    ...below,
    ...Object.fromEntries(Object.entries(above).map(([key, value]) => [key, merge(below[key], value)])),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
