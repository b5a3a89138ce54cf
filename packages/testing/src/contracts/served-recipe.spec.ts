import { RecordingPlatform } from '../recording-platform';
import type { PlatformRecipe, ToolRecipe } from './recipe';
import { recordingRecipeOf } from './recording-recipe';
import { appliedOnly, rehearseRecipes } from './rehearse-recipes';
import { checkToolInStage } from './rehearsed-recipes';
import { sampleProgram } from './sample-program';
import { sampleTool } from './sample-tool';
import { servedRecipe } from './served-recipe';

const bare: PlatformRecipe = {
  ...recordingRecipeOf('docker'),
  build: () => ({ platform: new RecordingPlatform('docker') }),
};

/** A tool that offers what a recording platform would have offered itself. */
function server(tool: string, serves: ToolRecipe['serves']): ToolRecipe {
  return { tool, runsOn: ['docker'], build: () => undefined, expectations: { workloads: [] }, serves };
}

const database = server('base', {
  need: 'database',
  build: (stack, { port }) => new RecordingPlatform('docker').addPostgres(stack, 'Server', { port }),
  facts: () => [],
});

const objects = server('objects', {
  need: 'objectStore',
  build: () => (scope, id) => new RecordingPlatform('docker').addObjectStore(scope, id),
  facts: () => [],
});

describe('a platform without services', () => {
  it('runs what needs none, and no tool that needs one', async () => {
    const rehearsed = await rehearseRecipes(bare, [sampleTool, sampleProgram], appliedOnly);
    expect([...rehearsed.obstacles]).toEqual([['sample', 'recording-docker offers no database']]);
    expect(checkToolInStage(rehearsed, sampleProgram, 'prod').findings).toEqual([]);
    expect(checkToolInStage(rehearsed, sampleProgram, 'prod').ran).toContain('tasks');
  });

  it('runs every tool once others serve it, each of them in a stack of its own', async () => {
    const served = servedRecipe(bare, [database, objects]);
    const rehearsed = await rehearseRecipes(served, [sampleTool], appliedOnly);
    expect(rehearsed.obstacles.size).toBe(0);
    expect(checkToolInStage(rehearsed, sampleTool, 'dev').findings).toEqual([]);
    expect(rehearsed.result.stacks.map(({ stackKey }) => stackKey.stack)).toContain('backing-base');
  });

  it('is still without what a tool serves only elsewhere', async () => {
    const served = servedRecipe(bare, [{ ...database, runsOn: ['kubernetes'] }, objects]);
    const { obstacles } = await rehearseRecipes(served, [sampleTool], appliedOnly);
    expect([...obstacles]).toEqual([['sample', 'recording-docker offers no database']]);
  });
});

it('a platform keeps the services it offers itself', async () => {
  const served = servedRecipe(recordingRecipeOf('docker'), [database]);
  const { result } = await rehearseRecipes(served, [sampleTool], appliedOnly);
  expect(result.stacks.map(({ stackKey }) => stackKey.stack)).not.toContain('backing-base');
});
