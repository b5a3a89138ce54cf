import { MlterraError, type KubernetesCluster } from '@mlterra/core';
import type { PlatformRecipe, ToolRecipe } from './recipe';
import { recordingRecipe, recordingRecipeOf } from './recording-recipe';
import { checkToolInStage, rehearsalProblems, stackFactsOf } from './rehearsed-recipes';
import { appliedOnly, rehearseRecipes } from './rehearse-recipes';

const broken: ToolRecipe = {
  tool: 'broken',
  runsOn: ['host'],
  build: () => {
    throw new TypeError('no such port');
  },
  expectations: { workloads: [] },
};

const brokenPlatform: PlatformRecipe = {
  ...recordingRecipe,
  build: () => {
    throw new MlterraError({ code: 'zone-unknown', message: 'There is no such zone.' });
  },
};

const needy: ToolRecipe = {
  ...broken,
  build: (stack, { database }) => {
    database.addDatabase(stack, 'database', { name: 'notes' });
  },
};

/** A tool that has an operator, which it shares with others. */
function operated(tool: string, waits = true): ToolRecipe {
  return {
    tool,
    runsOn: ['kubernetes'],
    build(stack, { platform, before }) {
      const operator = before('operator', (earlier) => {
        const cluster = platform as KubernetesCluster;
        cluster.addChart(earlier, 'Chart', {
          chart: { repository: 'https://charts.example.org', name: 'operator', version: '1.2.3' },
        });
        return { stack: earlier, cluster };
      });
      if (waits) stack.addDependency(operator.stack);
      const content = { spec: {} };
      const metadata = { name: tool };
      operator.cluster.addObjects(stack, 'Object', [
        { apiVersion: 'example.org/v1', kind: 'Notes', metadata, content },
      ]);
    },
    expectations: {
      workloads: [],
      charts: [{ chart: 'operator', repository: 'https://charts.example.org' }],
      objects: [{ apiVersion: 'example.org/v1', kind: 'Notes' }],
    },
  };
}

describe('what comes before tools', () => {
  it('is built once, applied first, and is part of each of them', async () => {
    const recipes = [operated('notes'), operated('tasks')];
    const rehearsed = await rehearseRecipes(recordingRecipeOf('kubernetes'), recipes, {
      ...appliedOnly,
      stages: ['prod'],
    });
    expect(rehearsalProblems(rehearsed.result)).toEqual([]);
    const stacks = rehearsed.result.stacks.map(({ stackKey }) => `${stackKey.stage}/${stackKey.stack}`);
    expect([...stacks].sort()).toEqual(['prod/database', 'prod/notes', 'prod/operator', 'prod/tasks']);
    expect(stacks.indexOf('prod/operator')).toBeLessThan(stacks.indexOf('prod/notes'));
    for (const recipe of recipes) {
      const { ran, findings } = checkToolInStage(rehearsed, recipe, 'prod');
      expect(findings).toEqual([]);
      expect(ran).toEqual(
        expect.arrayContaining(['charts', 'chart-values', 'pod-security', 'objects', 'egress']),
      );
      const { charts, objects } = stackFactsOf(rehearsed, recipe, 'prod');
      expect([charts.length, objects.filter(({ kind }) => kind === 'Notes').length]).toEqual([1, 1]);
    }
  });

  it('has to be waited for', async () => {
    const { result } = await rehearseRecipes(recordingRecipeOf('kubernetes'), [operated('notes', false)]);
    expect(rehearsalProblems(result)).toEqual([
      expect.stringContaining('notes has "operator" built before itself, and does not wait for it.'),
    ]);
  });
});

describe('a recipe that throws', () => {
  it('is named, and no file that nobody wrote is', async () => {
    const { result } = await rehearseRecipes(recordingRecipe, [broken]);
    const [problem, ...others] = rehearsalProblems(result);
    expect(others).toEqual([]);
    expect(problem).toBe('The recipe of broken on recording failed in the stage dev: no such port');
  });

  it.each<[string, PlatformRecipe, readonly ToolRecipe[], string]>([
    [
      'that of a platform, for a reason of its own',
      brokenPlatform,
      [],
      'The recipe of recording failed in the stage dev: There is no such zone.',
    ],
    [
      'that of a tool, for a service that it did not ask for',
      recordingRecipe,
      [needy],
      'The recipe of broken builds with a service that it does not say it needs: database.',
    ],
  ])('is named: %s', async (_, platform, tools, message) => {
    const { result } = await rehearseRecipes(platform, tools);
    expect(rehearsalProblems(result)).toEqual([expect.stringContaining(message)]);
  });
});
