import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtinEnvironment, Fixture, statuses, type FixtureStack } from '../testing/fixture';

type Stacks = Record<string, FixtureStack>;

describe('apply', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  const define = (name: string, stacks: Stacks): void => {
    fixture.environment(name, builtinEnvironment(name, { dev: stacks }));
  };
  const apply = async (name: string, request = {}): Promise<Record<string, string>> => {
    const result = await fixture.run('apply', name, request);
    expect(result.error).toBeUndefined();
    return statuses(result);
  };
  const up: FixtureStack = { input: { a: '1' }, outputs: { host: 'h1', spare: 's1' } };
  const down: FixtureStack = { input: { h: '@up.host' } };

  it('applies in order, and then leaves alone what is unchanged', async () => {
    define('basic', { up, down });
    expect(await apply('basic')).toEqual({ 'basic/dev/up': 'applied', 'basic/dev/down': 'applied' });
    const before = fixture.state('basic/dev/down').serial;
    expect(await apply('basic')).toEqual({ 'basic/dev/up': 'unchanged', 'basic/dev/down': 'unchanged' });
    expect(fixture.state('basic/dev/down').serial).toBe(before);
  });

  it('does not start the engine for an unchanged stack', async () => {
    define('idle', { up, down });
    await apply('idle');
    rmSync(path.join(fixture.dir('idle'), '.mlterra', 'stacks'), { recursive: true });
    await apply('idle');
    expect(existsSync(path.join(fixture.dir('idle'), '.mlterra', 'stacks'))).toBe(false);
  });

  it('leaves the upstream alone when a consumer of one of its outputs is added', async () => {
    define('consumer', { up });
    await apply('consumer');
    define('consumer', { up, down });
    expect(await apply('consumer')).toEqual({
      'consumer/dev/up': 'unchanged',
      'consumer/dev/down': 'applied',
    });
  });

  it('re-applies a consumer when a value it reads changed, and no other', async () => {
    const other: FixtureStack = { input: { s: '@up.spare' } };
    define('value', { up, down, other });
    await apply('value');
    define('value', { up: { ...up, outputs: { host: 'h2', spare: 's1' } }, down, other });
    const plan = await fixture.run('plan', 'value');
    expect(statuses(plan)).toEqual({
      'value/dev/up': 'changed',
      'value/dev/down': 'waiting',
      'value/dev/other': 'waiting',
    });
    const applied = await fixture.run('apply', 'value');
    expect(statuses(applied)).toEqual({
      'value/dev/up': 'applied',
      'value/dev/down': 'applied',
      'value/dev/other': 'unchanged',
    });
    expect(applied.stacks.find(({ key }) => key === 'value/dev/down')!.reasons).toEqual([
      'the output host of value/dev/up changed',
    ]);
  });

  it('does not re-apply consumers when the upstream changed, but no output of it', async () => {
    define('cutoff', { up, down });
    await apply('cutoff');
    define('cutoff', { up: { ...up, input: { a: '2' } }, down });
    expect(await apply('cutoff')).toEqual({ 'cutoff/dev/up': 'applied', 'cutoff/dev/down': 'unchanged' });
  });

  it('destroys a removed stack only when told to, and before its upstream is changed', async () => {
    define('removed', { up, down });
    await apply('removed');
    define('removed', { up: { ...up, outputs: { host: 'h2', spare: 's1' } } });
    const plan = await fixture.run('plan', 'removed');
    expect(statuses(plan)).toEqual({ 'removed/dev/up': 'changed', 'removed/dev/down': 'removed' });
    const held = await fixture.run('apply', 'removed');
    expect(statuses(held)).toEqual({ 'removed/dev/up': 'blocked', 'removed/dev/down': 'removed' });
    expect(held.stacks[0]!.reasons).toEqual([
      'removed/dev/down was removed from the source and must be destroyed first',
    ]);
    expect(await apply('removed', { destroyRemoved: true })).toEqual({
      'removed/dev/down': 'destroyed',
      'removed/dev/up': 'applied',
    });
    expect(fixture.state('removed/dev/down').resources).toEqual([]);
    expect(await apply('removed')).toEqual({ 'removed/dev/up': 'unchanged' });
  });

  it('goes on from the resource that failed', async () => {
    const flag = path.join(fixture.root, 'flag');
    const failing: FixtureStack = { chain: { Second: `test -e ${flag}`, Third: 'true' } };
    define('failing', { failing, after: { input: { a: '1' } } });
    const first = await fixture.run('apply', 'failing');
    expect(statuses(first)).toEqual({ 'failing/dev/failing': 'failed', 'failing/dev/after': 'applied' });
    expect(first.stacks[0]!.error!.message).toMatch(
      /terraform_data\.Second: cdk\.tf\.json:\d+: local-exec provisioner error/,
    );
    const plan = await fixture.run('plan', 'failing');
    expect(statuses(plan)['failing/dev/failing']).toBe('changed');
    expect(plan.stacks[0]!.reasons).toEqual(
      expect.arrayContaining([expect.stringContaining('terraform_data.Second is tainted')]),
    );
    writeFileSync(flag, '');
    expect(await apply('failing')).toEqual({
      'failing/dev/failing': 'applied',
      'failing/dev/after': 'unchanged',
    });
    expect(await apply('failing')).toEqual({
      'failing/dev/failing': 'unchanged',
      'failing/dev/after': 'unchanged',
    });
  });

  it('does not call a stack unchanged while a removed resource resists being destroyed', async () => {
    const flag = path.join(fixture.root, 'gone');
    const source = (extra: string): string => `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({
  name: 'resisting',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('a');
    new DataResource(stack, 'Kept', { input: { a: '1' } });
    ${extra}
  },
});`;
    const provisioner = `{ type: 'local-exec', when: 'destroy', command: 'test -e ${flag}' }`;
    fixture.environment(
      'resisting',
      source(`new DataResource(stack, 'Gone', { provisioners: [${provisioner}] });`),
    );
    expect(await apply('resisting')).toEqual({ 'resisting/dev/a': 'applied' });
    // Terraform runs destroy provisioners of declared resources only: the replacement is what resists.
    fixture.environment(
      'resisting',
      source(
        `new DataResource(stack, 'Gone', { triggersReplace: { v: '2' }, provisioners: [${provisioner}] });`,
      ),
    );
    expect(await apply('resisting')).toEqual({ 'resisting/dev/a': 'failed' });
    expect(statuses(await fixture.run('plan', 'resisting'))).toEqual({ 'resisting/dev/a': 'changed' });
    writeFileSync(flag, '');
    expect(await apply('resisting')).toEqual({ 'resisting/dev/a': 'applied' });
    expect(await apply('resisting')).toEqual({ 'resisting/dev/a': 'unchanged' });
  });
});
