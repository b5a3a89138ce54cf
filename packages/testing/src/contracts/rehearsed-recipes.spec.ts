import type { RehearsalResult, RehearsedStack, StepResult } from '@mlterra/rehearsal';
import type { PlatformRecipe } from './recipe';
import { checkToolInStage, levelOf, rehearsalProblems, type RehearsedRecipes } from './rehearsed-recipes';
import { sampleTool } from './sample-tool';

const platform: PlatformRecipe = {
  provider: 'cloud',
  platformKind: 'kubernetes',
  way: 'paas',
  accessManagement: true,
  build: () => {
    throw new Error('never built');
  },
  observer: { provider: 'cloud' },
};

const passed: readonly StepResult[] = (['init', 'plan', 'apply'] as const).map((name) => ({
  name,
  status: 'passed',
  seconds: 1,
}));

function stack(name: string, steps: readonly StepResult[]): RehearsedStack {
  const stackKey = { environment: 'cloud-paas', stage: 'prod', stack: name };
  return { key: `cloud-paas/prod/${name}`, stackKey, steps, resources: [], outputs: {}, config: {} };
}

function rehearsed(result: Partial<RehearsalResult>): RehearsedRecipes {
  const whole = { environment: 'cloud-paas', levels: {}, stacks: [], seconds: 1, ...result };
  return { platform, stages: ['prod'], obstacles: new Map(), earlier: new Map(), result: whole };
}

const findingsOf = (result: Partial<RehearsalResult>) =>
  checkToolInStage(rehearsed(result), sampleTool, 'prod').findings;

describe('a tool in a rehearsed stage', () => {
  it('is looked at when its stack was applied', () => {
    const checks = findingsOf({ stacks: [stack('sample', passed)] }).map(({ check }) => check);
    expect(checks).toContain('programs');
    expect(checks).not.toContain('rehearsed');
  });

  it.each<[string, Partial<RehearsalResult>, string]>([
    [
      'whose stack failed',
      {
        stacks: [
          stack('sample', [{ name: 'plan', status: 'failed', seconds: 1, error: 'no such argument' }]),
        ],
      },
      'prod-sample: plan failed: no such argument',
    ],
    [
      'whose stack has a second plan that is not empty',
      { stacks: [stack('sample', [...passed, { name: 'second plan', status: 'failed', seconds: 1 }])] },
      'prod-sample: second plan failed: no reason was given',
    ],
    [
      'whose upstream failed',
      { stacks: [stack('sample', [{ name: 'plan', status: 'skipped', seconds: 0 }])] },
      'prod-sample: it was not applied',
    ],
    ['that is not there', { stacks: [stack('other', passed)] }, 'prod-sample: it was not rehearsed'],
    [
      'whose rehearsal did not start',
      { error: { message: 'Terraform was not found.' } },
      'prod-sample: it was not rehearsed: Terraform was not found.',
    ],
  ])('%s is red for that alone', (_, result, message) => {
    expect(findingsOf(result)).toEqual([{ check: 'rehearsed', message }]);
  });
});

describe('a rehearsal', () => {
  it('says all that went wrong', () => {
    const failed: StepResult = { name: 'apply', status: 'failed', seconds: 1, error: 'refused' };
    const { result } = rehearsed({
      stacks: [stack('one', [failed]), stack('two', passed)],
      error: { message: 'The folder is full.' },
    });
    expect(rehearsalProblems(result)).toEqual(['The folder is full.', 'prod-one: apply failed: refused']);
  });

  it.each([
    [{}, 'rehearsed'],
    [{ a: 'rehearsal', b: 'real' }, 'rehearsed'],
    [{ a: 'hybrid', b: 'real' }, 'hybrid'],
    [{ a: 'real' }, 'real provider'],
  ] as const)('is as true as its weakest provider: %j is %s', (levels, level) => {
    expect(levelOf(rehearsed({ levels }).result)).toBe(level);
  });
});
