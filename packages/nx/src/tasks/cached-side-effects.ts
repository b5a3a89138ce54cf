import type { ProjectGraph } from '@nx/devkit';
import { hasSideEffects } from '../inference/target-names';

/**
 * Tasks of ours that change or observe the world and that a cache would replay all the same: a `targetDefaults` entry
 * or a package.json overrides what is inferred.
 */
export function cachedSideEffects(graph: ProjectGraph): readonly string[] {
  return Object.values(graph.nodes).flatMap(({ name, data }) =>
    Object.entries(data.targets ?? {})
      .filter(([, target]) => hasSideEffects(target.executor) && target.cache === true)
      .map(([target]) => `${name}:${target}`),
  );
}
