import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { builtinEnvironment, Fixture, statuses, type FixtureStack } from '../testing/fixture';
import { seededRandom } from '../testing/random';

const isFull = process.env['MLTERRA_TEST_FULL'] === '1';
/** The same ten moments in the full tier, another one in every other run. */
const SEED = isFull ? 20261121 : Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
const KILLS = isFull ? 10 : 1;

describe('a run that is killed', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  const marks = path.join(fixture.root, 'marks');
  /** A command that leaves a mark when it starts and one when it is through. */
  const step = (name: string, seconds = 0.1): string =>
    `touch ${marks}/${name}.begun; sleep ${seconds}; touch ${marks}/${name}.done`;
  const stack = (name: string, input: Record<string, string> = {}): FixtureStack => ({
    input,
    outputs: { host: name },
    command: step(`${name}-R`),
    chain: { Two: step(`${name}-Two`), Three: step(`${name}-Three`) },
  });
  const done = (name: string): boolean =>
    ['R', 'Two', 'Three'].every((resource) => existsSync(`${marks}/${name}-${resource}.done`));
  const define = (name: string): void => {
    mkdirSync(marks, { recursive: true });
    const stacks = {
      [`${name}-up`]: stack(`${name}-up`),
      [`${name}-down`]: stack(`${name}-down`, { h: `@${name}-up.host` }),
    };
    fixture.environment(name, builtinEnvironment(name, { dev: stacks }));
  };

  it(`is resumed by the next one, wherever it was killed (${KILLS} moments, seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    for (let kill = 0; kill < KILLS; kill++) {
      const name = `kill-${kill}`;
      define(name);
      const resources = ['up', 'down'].flatMap((half) =>
        ['R', 'Two', 'Three'].map((resource) => `${name}-${half}-${resource}`),
      );
      const child = new Child('apply', fixture.request(name));
      // Some time after a resource was begun: in the middle of it, or in what comes next.
      const begun = `${marks}/${resources[Math.floor(random() * resources.length)]!}.begun`;
      while (!existsSync(begun)) await sleep(5);
      await sleep(250 * random());
      await child.kill();

      const seen = statuses(await fixture.run('plan', name));
      for (const half of ['up', 'down']) {
        if (!done(`${name}-${half}`)) expect(seen[`${name}/dev/${name}-${half}`]).not.toBe('unchanged');
      }
      const resumed = await fixture.run('apply', name);
      expect(resumed.stacks.map(({ error }) => error)).toEqual([undefined, undefined]);
      expect(done(`${name}-up`) && done(`${name}-down`)).toBe(true);
      expect(Object.values(statuses(await fixture.run('apply', name)))).toEqual(['unchanged', 'unchanged']);
    }
  }, 240_000);

  it('in the middle of creating a resource is not taken for finished, and can be destroyed', async () => {
    mkdirSync(marks, { recursive: true });
    fixture.environment(
      'half',
      builtinEnvironment('half', { dev: { a: { chain: { Slow: step('slow', 30) } } } }),
    );
    const child = new Child('apply', fixture.request('half'));
    while (!existsSync(`${marks}/slow.begun`)) await sleep(20);
    await child.kill();
    expect(existsSync(`${marks}/slow.done`)).toBe(false);
    const plan = await fixture.run('plan', 'half');
    expect(statuses(plan)).toEqual({ 'half/dev/a': 'changed' });
    expect(plan.stacks[0]!.reasons).toEqual(expect.arrayContaining(['terraform_data.Slow is not there']));
    expect(statuses(await fixture.run('destroy', 'half', { yes: true }))).toEqual({
      'half/dev/a': 'destroyed',
    });
    expect(fixture.state('half/dev/a').resources).toEqual([]);
  }, 60_000);

  it('leaves no saved plan and no half-written synthesis that the next run would trip over', async () => {
    define('litter');
    const child = new Child('apply', fixture.request('litter'));
    while (!existsSync(`${marks}/litter-up-R.begun`)) await sleep(20);
    await child.kill();
    await fixture.run('apply', 'litter');
    const left = readdirSync(path.join(fixture.dir('litter'), '.mlterra'));
    expect(left.filter((name) => name.startsWith('synth-'))).toEqual([]);
    const plans = readdirSync(path.join(fixture.dir('litter'), '.mlterra', 'stacks'), { recursive: true });
    expect(plans.filter((name) => String(name).endsWith('.plan'))).toEqual([]);
    expect(readFileSync(fixture.stateFile('litter/dev/litter-down'), 'utf8')).toContain('"Three"');
  }, 60_000);
});
