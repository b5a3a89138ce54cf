import {
  DependencyType,
  validateDependency,
  type CreateDependencies,
  type ImplicitDependency,
} from '@nx/devkit';
import { executorOf } from './target-names';

const ENGINE = '@mlterra/engine';

/**
 * Every environment depends on the engine, which no package.json of an environment says: what is synthesised and
 * applied depends on it too.
 */
export const createDependencies: CreateDependencies = (_options, context) => {
  const engine = [ENGINE, `npm:${ENGINE}`].find(
    (name) => name in context.projects || name in (context.externalNodes ?? {}),
  );
  if (engine === undefined) return [];
  return Object.entries(context.projects)
    .filter(([, project]) => project.targets?.['apply']?.executor === executorOf('apply'))
    .map(([source]) => {
      const dependency: ImplicitDependency = { source, target: engine, type: DependencyType.implicit };
      validateDependency(dependency, context);
      return dependency;
    });
};
