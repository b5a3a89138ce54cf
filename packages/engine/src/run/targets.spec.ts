/** @long */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { Fixture, statuses } from '../testing/fixture';
import { PaperRun, stateFile } from '../testing/paper-run';
import { OpenState } from './open-state';
import { otherTargets } from './targets';

/** A platform that the variable `DEMO_HOST` leads to, unless the source names a host. What it runs are files. */
const PLATFORM = `
const fs = require('node:fs');
const path = require('node:path');
exports.hooks = {
  async inventory(context) {
    fs.appendFileSync(path.join(context.environmentDir, 'asked'), (process.env.DEMO_HOST ?? '') + '\\n');
    return context.environment === 'removed' && process.env.DEMO_HOST === 'tcp://elsewhere' ? ['foreign'] : [];
  },
  async targets({ data, readOutput }) {
    if (readOutput !== undefined) throw new Error('no output is read');
    if (process.env.DEMO_CONTEXT) throw new Error('DEMO_CONTEXT is not supported');
    if (data?.host !== undefined) return {};
    const host = process.env.DEMO_HOST ?? 'unix:///demo.sock';
    const from = process.env.DEMO_HOST === undefined ? 'DEMO_HOST, which is not set,' : 'DEMO_HOST=' + host;
    return {
      'Demo daemon': {
        value: host === 'unreadable' ? undefined : host,
        ...(host.startsWith('moved:') ? { identity: host.slice('moved:'.length) } : {}),
        from,
        inSource: 'new DemoEngine({ host })',
      },
    };
  },
};
`;

const OTHER = 'tcp://elsewhere';

describe('where the environment of the caller leads', () => {
  const fixture = new Fixture();
  afterEach(() => {
    for (const name of ['DEMO_HOST', 'DEMO_CONTEXT']) delete process.env[name];
  });
  afterAll(() => fixture.remove());

  interface Options {
    readonly host?: string;
    readonly stacks?: readonly string[];
    readonly platform?: string;
    readonly command?: string;
    readonly x?: string;
    readonly shared?: boolean;
  }

  /** An environment with the stack `a` on the platform, and others that come after it and are on no platform. */
  function define(
    name: string,
    { host, stacks = ['a'], platform = PLATFORM, command = 'true', x = '1', shared = false }: Options = {},
  ): void {
    const dir = fixture.environment(
      name,
      `
import { defineEnvironment, localState, type Stack } from '@mlterra/core';
import { DataResource } from 'cdktf';
const host: string | undefined = ${JSON.stringify(host)};
const fill = (stack: Stack): Stack => {
  if (stack.stackKey.stack === 'a') stack.addHooks({ module: './platform.js', data: { host } });
  new DataResource(stack, 'R', { input: { host: host ?? '', x: ${JSON.stringify(x)} } });
  new DataResource(stack, 'C', { triggersReplace: { c: ${JSON.stringify(command)} }, provisioners: [{ type: 'local-exec', command: ${JSON.stringify(command)} }] });
  return stack;
};
export default defineEnvironment({
  name: '${name}', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  ${shared ? `shared: (stage: any) => ({ a: fill(stage.stack('a')) }),` : ''}
  build(stage: any, shared: any) {
    let last: Stack | undefined = shared?.a;
    for (const name of ${JSON.stringify(stacks)} as string[]) {
      const stack = fill(stage.stack(name));
      if (last) stack.addDependency(last);
      last = stack;
    }
  },
});`,
    );
    writeFileSync(path.join(dir, 'platform.js'), platform);
  }

  const text = (name: string, file: string): string => {
    try {
      return readFileSync(path.join(fixture.dir(name), file), 'utf8');
    } catch {
      return '';
    }
  };
  const recorded = (name: string): unknown => {
    const { instances } = fixture
      .state(`${name}/dev/a`)
      .resources.find((resource) => resource.name === 'mlterra')!;
    const [{ attributes }] = instances as [{ attributes: { input: { value: { stamp: string } } } }];
    return (JSON.parse(attributes.input.value.stamp) as { digest: { targets?: unknown } }).digest.targets;
  };
  const REFUSED = {
    status: 'failed',
    error: {
      code: 'other-target',
      message: expect.stringMatching(
        /^DEMO_HOST=tcp:\/\/elsewhere leads to the Demo daemon tcp:\/\/elsewhere, but \w+\/\w+\/a was applied to unix:\/\/\/demo\.sock\.[^]*expected: the Demo daemon unix:\/\/\/demo\.sock[^]*set it back; [^]*new DemoEngine\(\{ host \}\)[^]*destroy it there first/,
      ),
    },
  };

  it('is kept with what is applied, and counts as unchanged while it is the same', async () => {
    define('same');
    expect((await fixture.run('apply', 'same')).error).toBeUndefined();

    expect(recorded('same')).toEqual({ 'Demo daemon': { value: 'unix:///demo.sock' } });
    for (const host of [undefined, 'unix:///demo.sock']) {
      if (host !== undefined) process.env['DEMO_HOST'] = host;
      expect(statuses(await fixture.run('plan', 'same'))).toEqual({ 'same/dev/a': 'unchanged' });
      expect(statuses(await fixture.run('apply', 'same'))).toEqual({ 'same/dev/a': 'unchanged' });
      expect(statuses(await fixture.run('drift', 'same'))).toEqual({ 'same/dev/a': 'in-sync' });
    }
  }, 120_000);

  it('is refused by every command where it is another place, and nothing is changed', async () => {
    define('other', { stacks: ['a', 'b'] });
    await fixture.run('apply', 'other');
    const before = fixture.state('other/dev/a');
    process.env['DEMO_HOST'] = OTHER;
    for (const request of [{}, { all: true }]) {
      expect((await fixture.run('plan', 'other', request)).stacks).toMatchObject([
        REFUSED,
        { key: 'other/dev/b', status: 'blocked', reasons: ['other/dev/a is failed'] },
      ]);
      expect((await fixture.run('apply', 'other', request)).stacks).toMatchObject([
        REFUSED,
        { key: 'other/dev/b', status: 'blocked', reasons: ['other/dev/a is failed'] },
      ]);
    }
    expect((await fixture.run('drift', 'other')).stacks).toMatchObject([REFUSED, { status: 'in-sync' }]);
    expect(fixture.state('other/dev/a')).toEqual(before);
    expect((await fixture.run('output', 'other')).error).toBeUndefined();
    expect((await fixture.run('destroy', 'other', { yes: true })).stacks).toMatchObject([
      REFUSED,
      { key: 'other/dev/b', status: 'destroyed' },
    ]);
    expect(fixture.state('other/dev/a')).toEqual(before);

    delete process.env['DEMO_HOST'];
    expect(statuses(await fixture.run('destroy', 'other', { yes: true }))).toEqual({
      'other/dev/a': 'destroyed',
      'other/dev/b': 'absent',
    });
    process.env['DEMO_HOST'] = OTHER;
    expect(statuses(await fixture.run('apply', 'other'))).toEqual({
      'other/dev/a': 'applied',
      'other/dev/b': 'applied',
    });
  }, 120_000);

  it('is refused too where the source has changed in another way, and blocks other stages', async () => {
    define('edited', { shared: true, stacks: ['b'] });
    await fixture.run('apply', 'edited');
    define('edited', { shared: true, stacks: ['b'], x: '2' });
    process.env['DEMO_HOST'] = OTHER;
    expect((await fixture.run('apply', 'edited')).stacks).toMatchObject([REFUSED, { status: 'blocked' }]);
    expect((await fixture.run('plan', 'edited', { stage: 'dev' })).stacks).toMatchObject([
      {
        key: 'edited/dev/b',
        status: 'blocked',
        reasons: [expect.stringMatching(/edited\/shared\/a is failed: DEMO_HOST=tcp:\/\/elsewhere leads to/)],
      },
    ]);
  }, 120_000);

  it('is a change like any other where the source names it', async () => {
    define('named');
    await fixture.run('apply', 'named');
    process.env['DEMO_HOST'] = OTHER;
    define('named', { host: OTHER });
    const plan = await fixture.run('plan', 'named');
    expect(statuses(plan)).toEqual({ 'named/dev/a': 'changed' });
    expect(plan.stacks[0]!.reasons).toEqual([
      'its configuration changed',
      'the Demo daemon is no longer chosen outside of the source: it was unix:///demo.sock',
    ]);
    expect(statuses(await fixture.run('apply', 'named'))).toEqual({ 'named/dev/a': 'applied' });
    expect(recorded('named')).toBeUndefined();
    process.env['DEMO_HOST'] = 'tcp://anywhere';
    expect(statuses(await fixture.run('plan', 'named'))).toEqual({ 'named/dev/a': 'unchanged' });
  }, 120_000);

  it('is taken over by the next apply of a stack that was applied without it', async () => {
    define('old', { platform: 'exports.hooks = {};' });
    await fixture.run('apply', 'old');
    expect(recorded('old')).toBeUndefined();
    define('old');
    // Modules are loaded once by a process.
    const apply = new Child('apply', fixture.request('old'), { DEMO_HOST: OTHER });
    expect(await apply.ended).toBe(0);
    expect(recorded('old')).toEqual({ 'Demo daemon': { value: OTHER } });
  }, 120_000);

  it('is compared by its identity where it has one', async () => {
    define('moving');
    process.env['DEMO_HOST'] = 'moved:one';
    await fixture.run('apply', 'moving');
    expect(recorded('moving')).toEqual({ 'Demo daemon': { value: 'moved:one', identity: 'one' } });
    process.env['DEMO_HOST'] = 'one';
    expect(statuses(await fixture.run('plan', 'moving'))).toEqual({ 'moving/dev/a': 'unchanged' });
    process.env['DEMO_HOST'] = 'moved:two';
    expect((await fixture.run('plan', 'moving')).stacks).toMatchObject([
      { status: 'failed', error: { code: 'other-target' } },
    ]);
  }, 120_000);

  it('refuses nothing where it cannot be read, and stays what it was', async () => {
    define('unread');
    await fixture.run('apply', 'unread');
    process.env['DEMO_HOST'] = 'unreadable';
    expect(statuses(await fixture.run('plan', 'unread'))).toEqual({ 'unread/dev/a': 'unchanged' });
    define('unread', { x: '2' });
    expect(statuses(await fixture.run('apply', 'unread'))).toEqual({ 'unread/dev/a': 'applied' });
    expect(recorded('unread')).toEqual({ 'Demo daemon': { value: 'unix:///demo.sock' } });
    process.env['DEMO_HOST'] = OTHER;
    expect((await fixture.run('plan', 'unread')).stacks).toMatchObject([REFUSED]);
  }, 120_000);

  it('is refused by the platform itself where a variable contradicts the source', async () => {
    define('against', { host: OTHER });
    process.env['DEMO_CONTEXT'] = 'x';
    expect((await fixture.run('apply', 'against')).stacks).toMatchObject([
      { status: 'failed', error: { message: expect.stringContaining('DEMO_CONTEXT is not supported') } },
    ]);
    expect(existsSync(fixture.stateFile('against/dev/a'))).toBe(false);
  }, 120_000);

  it('is known of an apply that was killed, the first one too', async () => {
    const flag = path.join(fixture.root, 'begun');
    define('cut', { command: `touch ${flag}; sleep 30` });
    const child = new Child('apply', fixture.request('cut'));
    while (!existsSync(flag)) await sleep(20);
    await child.kill();
    // Nothing but the state is known elsewhere.
    rmSync(path.join(fixture.dir('cut'), '.mlterra', 'stacks'), { recursive: true });
    define('cut');
    process.env['DEMO_HOST'] = OTHER;
    expect((await fixture.run('plan', 'cut')).stacks).toMatchObject([REFUSED]);
    expect((await fixture.run('apply', 'cut')).stacks).toMatchObject([REFUSED]);
    expect((await fixture.run('destroy', 'cut', { yes: true })).stacks).toMatchObject([REFUSED]);
    delete process.env['DEMO_HOST'];
    expect(statuses(await fixture.run('apply', 'cut'))).toEqual({ 'cut/dev/a': 'applied' });
  }, 120_000);

  it('is known of a first apply that failed, until what it left is destroyed', async () => {
    define('half', { command: 'false' });
    expect(statuses(await fixture.run('apply', 'half'))).toEqual({ 'half/dev/a': 'failed' });
    define('half');
    process.env['DEMO_HOST'] = OTHER;
    expect((await fixture.run('apply', 'half')).stacks).toMatchObject([REFUSED]);
    delete process.env['DEMO_HOST'];
    expect(statuses(await fixture.run('destroy', 'half', { yes: true }))).toEqual({
      'half/dev/a': 'destroyed',
    });
    process.env['DEMO_HOST'] = OTHER;
    expect(statuses(await fixture.run('apply', 'half'))).toEqual({ 'half/dev/a': 'applied' });
  }, 120_000);

  it.each([
    ['ended and left nothing', { ended: true as const }, 0],
    ['was killed, and may have left what is not in the state', {}, 1],
  ])('is compared with a first apply that %s', (_, mark, count) => {
    const open = { targets: { 'Demo daemon': { value: 'a' } }, ...mark } as never;
    const state = stateFile({ resources: [], stamp: { open } });
    const today = { 'Demo daemon': { value: 'b', from: 'DEMO_HOST=b' } };
    expect(otherTargets(state, today)).toHaveLength(count);
    expect(otherTargets(stateFile({ stamp: { open } }), today)).toHaveLength(1);
  });

  it('is looked at once more when the state is marked: another run may have applied elsewhere meanwhile', async () => {
    const paper = new PaperRun();
    try {
      const run = paper.of({ stacks: { 'e/dev/a': {} } });
      const targets = { 'Demo daemon': { value: 'tcp://a' } };
      const stamp = JSON.stringify({ digest: { targets } });
      const input = { value: { format: 1, stamp, outputs: {} } };
      const commands: string[] = [];
      const open = new OpenState(run, run.stacks.get('e/dev/a')!, ([command]) => {
        commands.push(command!);
        const resources = [
          {
            mode: 'managed',
            type: 'terraform_data',
            name: 'mlterra',
            provider: 'provider["terraform.io/builtin/terraform"]',
            instances: [{ schema_version: 0, attributes: { id: 'x', input, output: input } }],
          },
        ];
        const state = {
          version: 4,
          terraform_version: '1.11.4',
          serial: 1,
          lineage: 'l',
          outputs: {},
          resources,
        };
        return Promise.resolve({ code: 0, stdout: JSON.stringify(state), diagnostics: [], log: '' } as never);
      });
      const today = { 'Demo daemon': { value: 'tcp://b', from: 'DEMO_HOST=tcp://b' } };
      const found = {
        verdict: 'changed' as const,
        replace: [],
        unsaved: { adopt: [], drop: [], displace: [] },
        targets: today,
      };
      await expect(open.begin('destroy', found)).rejects.toThrow(
        /DEMO_HOST=tcp:\/\/b leads to the Demo daemon tcp:\/\/b, but e\/dev\/a was applied to tcp:\/\/a\.[^]*set it back; to move the stack, destroy it there first/,
      );
      expect(commands).toEqual(['pull']);
    } finally {
      paper.remove();
    }
  });

  it('is refused for a removed stack, and the other place is not asked what it holds', async () => {
    define('removed', { stacks: ['a', 'b'] });
    await fixture.run('apply', 'removed');
    define('removed', { stacks: ['b'] });
    rmSync(path.join(fixture.dir('removed'), 'asked'));
    process.env['DEMO_HOST'] = OTHER;
    expect(statuses(await fixture.run('plan', 'removed'))).toMatchObject({ 'removed/dev/a': 'removed' });
    const { stacks } = await fixture.run('apply', 'removed', { destroyRemoved: true });
    expect(stacks.find(({ key }) => key === 'removed/dev/a')).toMatchObject(REFUSED);
    expect(stacks.map(({ key }) => key)).not.toContain('removed/dev/foreign');
    expect(text('removed', 'asked')).toBe('');
    delete process.env['DEMO_HOST'];
    expect(statuses(await fixture.run('apply', 'removed', { destroyRemoved: true }))).toMatchObject({
      'removed/dev/a': 'destroyed',
    });
  }, 120_000);
});
