/** @long */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { builtinEnvironment, Fixture, statuses } from '../testing/fixture';

const fixture = new Fixture();
afterAll(() => fixture.remove());

/** `a` and `b`, `b` after `a`, which is refused after it was changed unless the input is `old`. */
function checked(name: string, x: string, backend = 'localState()'): void {
  fixture.environment(
    name,
    `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
void localState;
export default defineEnvironment({
  name: '${name}',
  backend: ${backend},
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('s');
    const a = new DataResource(stack, 'a', { input: { x: '${x}' } });
    new DataResource(stack, 'b', {
      input: { x: '${x}' },
      dependsOn: [a],
      lifecycle: { postcondition: [{ condition: '\${self.output.x == "old"}', errorMessage: 'not old' }] },
    });
  },
});`,
  );
}

function inputs(name: string): readonly string[] {
  return fixture
    .state(`${name}/dev/s`)
    .resources.filter(({ name: own }) => ['a', 'b', 'R'].includes(own))
    .map(({ instances }) => {
      const [instance] = instances as { attributes: { input: { value: { x: string } } } }[];
      return instance!.attributes.input.value.x;
    });
}

describe('an apply that failed, and whose configuration was taken back', () => {
  it('is not unchanged: what it changed is changed back', async () => {
    checked('reverted', 'old');
    expect(statuses(await fixture.run('apply', 'reverted'))).toEqual({ 'reverted/dev/s': 'applied' });
    checked('reverted', 'new');
    expect(statuses(await fixture.run('apply', 'reverted'))).toEqual({ 'reverted/dev/s': 'failed' });
    expect(inputs('reverted')).toEqual(['new', 'new']);

    checked('reverted', 'old');
    const plan = await fixture.run('plan', 'reverted');
    expect(statuses(plan)).toEqual({ 'reverted/dev/s': 'changed' });
    expect(plan.stacks[0]!.reasons).toEqual([
      expect.stringMatching(/its last apply, of .*Z, did not finish/),
    ]);
    expect(statuses(await fixture.run('apply', 'reverted'))).toEqual({ 'reverted/dev/s': 'applied' });
    expect(inputs('reverted')).toEqual(['old', 'old']);
    expect(statuses(await fixture.run('apply', 'reverted'))).toEqual({ 'reverted/dev/s': 'unchanged' });
  }, 120_000);

  it('is not unchanged after a second failure, nor where the checkout is another one', async () => {
    checked('twice', 'old');
    await fixture.run('apply', 'twice');
    for (const x of ['new', 'newer']) {
      checked('twice', x);
      await fixture.run('apply', 'twice');
    }
    checked('twice', 'old');
    // Nothing but the state is known elsewhere.
    rmSync(path.join(fixture.dir('twice'), '.mlterra', 'stacks'), { recursive: true });
    expect(statuses(await fixture.run('apply', 'twice'))).toEqual({ 'twice/dev/s': 'applied' });
    expect(inputs('twice')).toEqual(['old', 'old']);
  }, 120_000);

  it('counts as it did where the engine refused the plan, and nothing was begun', async () => {
    checked('planned', 'old');
    await fixture.run('apply', 'planned');
    checked('planned', '${tonumber("none")}');
    expect(statuses(await fixture.run('apply', 'planned'))).toEqual({ 'planned/dev/s': 'failed' });
    checked('planned', 'old');
    expect(statuses(await fixture.run('apply', 'planned'))).toEqual({ 'planned/dev/s': 'unchanged' });
  }, 120_000);
});

describe('a run that was killed, and whose configuration was taken back', () => {
  const flag = path.join(fixture.root, 'begun');
  const define = (name: string, x: string, command: string, destroyCommand?: string): void => {
    fixture.environment(
      name,
      builtinEnvironment(name, { dev: { s: { input: { x }, chain: { Last: command }, destroyCommand } } }),
    );
  };

  it('is not unchanged after a killed apply', async () => {
    define('cut', 'old', 'true');
    await fixture.run('apply', 'cut');
    // A provisioner runs when its resource is created: one more resource.
    fixture.environment(
      'cut',
      builtinEnvironment('cut', {
        dev: { s: { input: { x: 'new' }, chain: { Last: 'true', More: `touch ${flag}.cut; sleep 30` } } },
      }),
    );
    const child = new Child('apply', fixture.request('cut'));
    while (!existsSync(`${flag}.cut`)) await sleep(20);
    await child.kill();
    define('cut', 'old', 'true');
    expect(statuses(await fixture.run('plan', 'cut'))).toEqual({ 'cut/dev/s': 'changed' });
    await fixture.run('apply', 'cut');
    expect(inputs('cut')[0]).toBe('old');
    expect(statuses(await fixture.run('apply', 'cut'))).toEqual({ 'cut/dev/s': 'unchanged' });
  }, 120_000);

  it('is not unchanged after a destroy that failed', async () => {
    const stop = path.join(fixture.root, 'resist');
    define('kept', 'old', 'true', `test ! -e ${stop}`);
    await fixture.run('apply', 'kept');
    writeFileSync(stop, '');
    expect(statuses(await fixture.run('destroy', 'kept', { yes: true }))).toEqual({ 'kept/dev/s': 'failed' });
    const plan = await fixture.run('plan', 'kept');
    expect(statuses(plan)).toEqual({ 'kept/dev/s': 'changed' });
    expect(statuses(await fixture.run('apply', 'kept'))).toEqual({ 'kept/dev/s': 'applied' });
  }, 120_000);
});
