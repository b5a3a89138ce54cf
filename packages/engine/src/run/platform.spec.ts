/** @long */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Fixture, statuses } from '../testing/fixture';

/** A platform whose "processes" are files: present means running. */
const PLATFORM = `
const fs = require('node:fs');
const path = require('node:path');
const dir = (context) => path.join(context.environmentDir, 'processes');
const file = (context) => path.join(dir(context), context.stage + '.' + context.stack);
exports.hooks = {
  async prepare(context) {
    const seen = { resources: context.resources, upstream: await context.readOutput('wary/dev/a', 'password') };
    fs.writeFileSync(path.join(context.environmentDir, 'seen.' + context.stack), JSON.stringify(seen));
    if (fs.existsSync(path.join(context.environmentDir, 'unfit'))) throw new Error(context.stack + ' cannot be applied here');
  },
  async probe(context) {
    return fs.existsSync(file(context)) ? [] : [{ address: 'terraform_data.processes', problem: 'the process of ' + context.stack + ' is STOPPED' }];
  },
  async release(context) {
    if (fs.existsSync(path.join(context.environmentDir, 'stuck'))) return { released: [], kept: [], left: ['a stuck process'] };
    const there = fs.existsSync(file(context));
    fs.rmSync(file(context), { force: true });
    return { released: there ? ['process ' + context.stack] : [], kept: context.purge ? [] : ['data of ' + context.stack + ' (removed by destroy --purge)'], left: [] };
  },
  async inventory(context) {
    if (!fs.existsSync(dir(context))) return [];
    return fs.readdirSync(dir(context)).filter((name) => name.startsWith(context.stage + '.')).map((name) => name.slice(context.stage.length + 1));
  },
  async locateSecret(context, reference) { return '/secrets/' + reference; },
};
`;

describe('a platform with hooks', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  const define = (name: string, tools: readonly string[], profile = 'development'): void => {
    const dir = fixture.environment(
      name,
      `
import { defineEnvironment, exportOutputs, exportService, localState, Secret } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({
  name: '${name}',
  backend: localState(),
  stages: { dev: { profile: '${profile}', settings: undefined } },
  build(stage) {
    for (const tool of ${JSON.stringify(tools)} as string[]) {
      const stack = stage.stack(tool);
      stack.addHooks({ module: './platform.js', data: { template: '\${not a reference}' } });
      const resource = new DataResource(stack, 'processes', {
        provisioners: [{ type: 'local-exec', command: 'mkdir -p ../../../processes && touch ../../../processes/' + stage.name + '.' + tool }],
      });
      resource.overrideLogicalId('processes');
      const { password } = exportOutputs(stack, { password: 'dev/' + tool });
      exportService(stack, { name: tool, url: 'http://127.0.0.1:1/' + tool, username: 'admin', password: new Secret(password) });
    }
  },
});`,
    );
    writeFileSync(path.join(dir, 'platform.js'), PLATFORM);
  };
  const running = (name: string, tool: string): boolean =>
    existsSync(path.join(fixture.dir(name), 'processes', `dev.${tool}`));
  const stop = (name: string, tool: string): void =>
    rmSync(path.join(fixture.dir(name), 'processes', `dev.${tool}`));

  it('shows what is down as drift, and mends it with --all only', async () => {
    define('mend', ['a', 'b']);
    await fixture.run('apply', 'mend');
    expect(statuses(await fixture.run('drift', 'mend'))).toEqual({
      'mend/dev/a': 'in-sync',
      'mend/dev/b': 'in-sync',
    });
    stop('mend', 'a');
    const drift = await fixture.run('drift', 'mend');
    expect(statuses(drift)).toEqual({ 'mend/dev/a': 'drifted', 'mend/dev/b': 'in-sync' });
    expect(drift.stacks[0]!.reasons).toEqual(['the process of a is STOPPED']);
    expect(statuses(await fixture.run('apply', 'mend'))).toEqual({
      'mend/dev/a': 'unchanged',
      'mend/dev/b': 'unchanged',
    });
    expect(statuses(await fixture.run('plan', 'mend', { all: true }))).toEqual({
      'mend/dev/a': 'changed',
      'mend/dev/b': 'unchanged',
    });
    expect(running('mend', 'a')).toBe(false);
    expect(statuses(await fixture.run('apply', 'mend', { all: true }))).toEqual({
      'mend/dev/a': 'applied',
      'mend/dev/b': 'unchanged',
    });
    expect(running('mend', 'a')).toBe(true);
  });

  it('tells services, and where their credentials are', async () => {
    define('serve', ['a']);
    const applied = await fixture.run('apply', 'serve');
    const service = {
      stage: 'dev',
      name: 'a',
      url: 'http://127.0.0.1:1/a',
      username: 'admin',
      passwordFile: '/secrets/dev/a',
    };
    expect(applied.services).toEqual([service]);
    const output = await fixture.run('output', 'serve');
    expect(output.services).toEqual([service]);
    expect(output.stages).toMatchObject([
      { name: 'dev', stacks: [{ name: 'a', outputs: { password: 'dev/a' } }] },
    ]);
  });

  it('is told what the state holds before an apply, and can refuse it before anything is made', async () => {
    define('wary', ['a']);
    const dir = fixture.dir('wary');
    const seen = (): { resources: { address: string; id: string }[]; upstream?: string } =>
      JSON.parse(readFileSync(path.join(dir, 'seen.a'), 'utf8'));
    writeFileSync(path.join(dir, 'unfit'), '');
    const refused = await fixture.run('apply', 'wary');
    expect(statuses(refused)).toEqual({ 'wary/dev/a': 'failed' });
    expect(refused.stacks[0]!.error!.message).toContain('a cannot be applied here');
    expect(running('wary', 'a')).toBe(false);
    expect(seen()).toEqual({ resources: [] });
    rmSync(path.join(dir, 'unfit'));
    await fixture.run('apply', 'wary');
    expect(running('wary', 'a')).toBe(true);
    await fixture.run('apply', 'wary', { all: true });
    expect(seen().upstream).toBe('dev/a');
    expect(seen().resources.map(({ address }) => address)).toEqual([
      'terraform_data.mlterra',
      'terraform_data.processes',
    ]);
  });

  it('is not announced by an apply that failed', async () => {
    define('unborn', ['a']);
    mkdirSync(path.join(fixture.dir('unborn'), 'processes'));
    symlinkSync('/nonexistent/file', path.join(fixture.dir('unborn'), 'processes', 'dev.a'));
    const applied = await fixture.run('apply', 'unborn');
    expect(statuses(applied)).toEqual({ 'unborn/dev/a': 'failed' });
    expect(applied.services).toEqual([]);
    expect((await fixture.run('output', 'unborn')).services).toEqual([]);
  });

  it('is asked after a destroy that nothing is left, also where no state ever came to be', async () => {
    define('gone', ['a', 'b']);
    await fixture.run('apply', 'gone');
    rmSync(fixture.stateFile('gone/dev/b'));
    const destroyed = await fixture.run('destroy', 'gone', { yes: true });
    expect(statuses(destroyed)).toEqual({ 'gone/dev/a': 'destroyed', 'gone/dev/b': 'destroyed' });
    expect(destroyed.stacks[1]).toMatchObject({
      reasons: ['removed process b'],
      kept: ['data of b (removed by destroy --purge)'],
    });
    expect(running('gone', 'a') || running('gone', 'b')).toBe(false);
    const again = await fixture.run('destroy', 'gone', { yes: true, purge: true });
    expect(statuses(again)).toEqual({ 'gone/dev/a': 'absent', 'gone/dev/b': 'absent' });
    expect(again.stacks[0]!.kept).toEqual([]);
  });

  it('that cannot let go makes the destroy fail, and says what is left', async () => {
    define('stuck', ['a']);
    await fixture.run('apply', 'stuck');
    writeFileSync(path.join(fixture.dir('stuck'), 'stuck'), '');
    const { stacks } = await fixture.run('destroy', 'stuck', { yes: true });
    expect(stacks[0]!.error).toMatchObject({
      code: 'left-behind',
      message: expect.stringContaining('a stuck process'),
    });
    rmSync(path.join(fixture.dir('stuck'), 'stuck'));
    expect(statuses(await fixture.run('destroy', 'stuck', { yes: true }))).toEqual({
      'stuck/dev/a': 'destroyed',
    });
  });

  it('finds stacks that were removed from the source, with or without a state', async () => {
    define('orphan', ['a', 'b', 'c']);
    await fixture.run('apply', 'orphan');
    // As when the apply of b was killed before its state was written.
    rmSync(fixture.stateFile('orphan/dev/b'));
    define('orphan', ['c']);
    const plan = await fixture.run('plan', 'orphan');
    expect(statuses(plan)).toEqual({
      'orphan/dev/a': 'removed',
      'orphan/dev/b': 'removed',
      'orphan/dev/c': 'unchanged',
    });
    expect(statuses(await fixture.run('apply', 'orphan', { destroyRemoved: true }))).toEqual({
      'orphan/dev/a': 'destroyed',
      'orphan/dev/b': 'destroyed',
      'orphan/dev/c': 'unchanged',
    });
    expect(running('orphan', 'a') || running('orphan', 'b')).toBe(false);
    expect(statuses(await fixture.run('plan', 'orphan'))).toEqual({ 'orphan/dev/c': 'unchanged' });
  });

  it('keeps its data as text in the state, whatever it looks like', async () => {
    define('text', ['a']);
    await fixture.run('apply', 'text');
    expect(readFileSync(fixture.stateFile('text/dev/a'), 'utf8')).toContain('${not a reference}');
  });

  it('does not destroy a protected stage, nor ask without a terminal', async () => {
    define('safe', ['a'], 'production');
    await fixture.run('apply', 'safe', { stage: 'dev' });
    expect((await fixture.run('destroy', 'safe', { yes: true, stage: 'dev' })).error).toMatchObject({
      code: 'stage-protected',
    });
    const bare = await fixture.run('destroy', 'safe', { yes: true });
    expect(bare).toMatchObject({ stacks: [], notes: ['the stage dev is protected and stays'] });
    define('safe', ['a']);
    expect((await fixture.run('destroy', 'safe')).error).toMatchObject({ code: 'confirmation-missing' });
    expect(running('safe', 'a')).toBe(true);
  });

  it('does not destroy what a stack that stays still needs', async () => {
    fixture.environment(
      'needed',
      `
import { defineEnvironment, exportOutputs, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({
  name: 'needed',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  shared: (stage) => exportOutputs(stage.stack('net'), { id: 'n1' }),
  build(stage, { id }) {
    new DataResource(stage.stack('tool'), 'R', { input: { id: id.at(stage.stack('reader')) === '' ? 'x' : 'y' } });
  },
});`,
    );
    await fixture.run('apply', 'needed');
    const { stacks } = await fixture.run('destroy', 'needed', { yes: true, stage: 'shared' });
    expect(stacks).toMatchObject([
      { key: 'needed/shared/net', status: 'in-use', reasons: ['needed/dev/reader still needs it'] },
    ]);
    expect(statuses(await fixture.run('destroy', 'needed', { yes: true }))).toEqual({
      'needed/shared/net': 'destroyed',
      'needed/dev/tool': 'destroyed',
      'needed/dev/reader': 'destroyed',
    });
  });
});
