import { MlterraError } from '@mlterra/core';
import type { PlatformRecipe, ToolRecipe } from './recipe';
import { recordingRecipe } from './recording-recipe';
import { rehearsalProblems } from './rehearsed-recipes';
import { rehearseRecipes } from './rehearse-recipes';

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
