import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ENVIRONMENTS_PATTERN, parseStageNames } from '@mlterra/workspace';
import {
  AggregateCreateNodesError,
  type CreateNodes,
  type CreateNodesContext,
  type CreateNodesResult,
} from '@nx/devkit';
import { PluginCache, workspaceDataDirectory } from '@nx/devkit/internal';
import { environmentTargets } from './targets';

/** Infers a project with targets for every `environments/<name>/environment.ts`. */
export const createNodes: CreateNodes = [
  ENVIRONMENTS_PATTERN,
  (configFiles, _options, context) => {
    const cache = new PluginCache<readonly string[]>(
      path.join(workspaceDataDirectory, 'mlterra-stages.hash'),
    );
    const stagesByFile = new Map<string, readonly string[]>();
    const errors: [string, Error][] = [];
    for (const file of configFiles) {
      try {
        stagesByFile.set(file, stagesIn(file, context, cache));
      } catch (error) {
        errors.push([file, error as Error]);
      }
    }
    cache.writeToDisk();
    const stages = [...new Set([...stagesByFile.values()].flat())].sort();
    const results = [...stagesByFile.keys()].map(
      (file) => [file, environmentProject(file, stages, context)] as const,
    );
    if (errors.length > 0) throw new AggregateCreateNodesError(errors, results);
    return results;
  },
];

/** The same under the name that Nx before 23 looks for. */
export const createNodesV2 = createNodes;

/** Of the package that parses: another version may read the same source differently. */
const { version: parserVersion } = JSON.parse(
  readFileSync(require.resolve('@mlterra/workspace/package.json'), 'utf8'),
) as { version: string };

/** Loading the parser takes longer than all the rest, so the names are kept by the hash of the source. */
function stagesIn(
  file: string,
  { workspaceRoot }: CreateNodesContext,
  cache: PluginCache<readonly string[]>,
): readonly string[] {
  const source = readFileSync(path.join(workspaceRoot, file), 'utf8');
  const hash = createHash('sha256').update(`${parserVersion}\0${source}`).digest('hex');
  const known = cache.get(hash);
  if (known) return known;
  const stages = parseStageNames(source, file);
  cache.set(hash, stages);
  return stages;
}

function environmentProject(
  file: string,
  stages: readonly string[],
  { workspaceRoot, nxJsonConfiguration }: CreateNodesContext,
): CreateNodesResult {
  const root = path.posix.dirname(file);
  return {
    projects: {
      [root]: {
        root,
        name: path.posix.basename(root),
        projectType: 'application',
        metadata: { technologies: ['terraform'] },
        targets: environmentTargets({
          stages,
          hasE2e: existsSync(path.join(workspaceRoot, root, 'jest.e2e.config.js')),
          sources: 'production' in (nxJsonConfiguration.namedInputs ?? {}) ? 'production' : 'default',
        }),
      },
    },
  };
}
