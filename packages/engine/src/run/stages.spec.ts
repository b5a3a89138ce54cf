import { existsSync } from 'node:fs';
import { builtinEnvironment, Fixture, statuses, type FixtureStack } from '../testing/fixture';

describe('stages', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  const tool = (value: string): FixtureStack => ({ input: { v: value, net: '@network.id' } });
  const shared = { network: { input: { cidr: '10.0.0.0/8' }, outputs: { id: 'net-1' } } };
  const define = (name: string, id = 'net-1'): void => {
    fixture.environment(
      name,
      builtinEnvironment(
        name,
        { dev: { tool: tool('d') }, prod: { tool: tool('p') } },
        {
          profiles: { prod: 'production' },
          shared: { network: { ...shared.network, outputs: { id } } },
        },
      ),
    );
  };

  it('applies protected stages, and the shared stage they stand on, only when they are named', async () => {
    define('layers');
    const bare = await fixture.run('apply', 'layers');
    expect(statuses(bare)).toEqual({
      'layers/shared/network': 'protected',
      'layers/dev/tool': 'waiting',
      'layers/prod/tool': 'protected',
    });
    expect(bare.notes).toEqual([
      'the stage shared is protected: needs -c shared',
      'the stage prod is protected: needs -c prod',
    ]);
    expect(existsSync(fixture.stateFile('layers/prod/tool'))).toBe(false);

    expect(statuses(await fixture.run('apply', 'layers', { stage: 'shared' }))).toEqual({
      'layers/shared/network': 'applied',
    });
    expect(statuses(await fixture.run('apply', 'layers', { stage: 'prod' }))).toEqual({
      'layers/prod/tool': 'applied',
    });
    expect(existsSync(fixture.stateFile('layers/dev/tool'))).toBe(false);
    expect(statuses(await fixture.run('apply', 'layers'))).toEqual({ 'layers/dev/tool': 'applied' });
  });

  it('lets a stage wait while the shared stage is changing', async () => {
    define('changing');
    await fixture.run('apply', 'changing', { stage: 'shared' });
    await fixture.run('apply', 'changing', { stage: 'dev' });
    define('changing', 'net-2');
    const plan = await fixture.run('plan', 'changing', { stage: 'dev' });
    expect(plan.stacks).toMatchObject([
      {
        key: 'changing/dev/tool',
        status: 'waiting',
        reasons: ['changing/shared/network is changing: apply it first with -c shared'],
      },
    ]);
    expect(statuses(await fixture.run('apply', 'changing', { stage: 'dev' }))).toEqual({
      'changing/dev/tool': 'waiting',
    });
  });

  it('applies two stages on one shared stack at once', async () => {
    define('twins');
    await fixture.run('apply', 'twins', { stage: 'shared' });
    const [dev, prod] = await Promise.all([
      fixture.run('apply', 'twins', { stage: 'dev', lockTimeoutSeconds: 60 }),
      fixture.run('apply', 'twins', { stage: 'prod', lockTimeoutSeconds: 60 }),
    ]);
    expect(statuses(dev)).toEqual({ 'twins/dev/tool': 'applied' });
    expect(statuses(prod)).toEqual({ 'twins/prod/tool': 'applied' });
  });

  it('does nothing, and succeeds, in an environment without the stage when another one has it', async () => {
    fixture.environment('single', builtinEnvironment('single', { dev: { a: {} } }));
    const result = await fixture.run('apply', 'single', { stage: 'prod', stageKnown: true });
    expect(result).toMatchObject({ name: 'single', noStage: 'prod', stacks: [] });
    expect(result.error).toBeUndefined();
  });

  it('refuses a stage that no environment has', async () => {
    fixture.environment('single', builtinEnvironment('single', { dev: { a: {} } }));
    const { error } = await fixture.run('apply', 'single', { stage: 'nosuch' });
    expect(error).toEqual({
      code: 'stage-unknown',
      message: 'No environment here has a stage "nosuch".\n  expected: one of: dev',
    });
  });
});
