import { existsSync } from 'node:fs';
import type { StateRead } from '../state/state-store';
import { found, PaperRun, resource } from '../testing/paper-run';
import { recorder } from '../testing/recorded-engine';
import { WorkDir } from '../work/work-dir';
import { destroyRemoved, findRemoved } from './removed';

jest.mock('./stack-engine', () => jest.requireActual('../testing/recorded-engine'));

const everywhere = (): boolean => true;

describe('removed stacks', () => {
  const paper = new PaperRun();
  afterAll(() => paper.remove());
  beforeEach(() => recorder.clear());

  /** Reports stacks by stage, and records what it was asked. */
  const platform = (name: string, stacks: Record<string, readonly string[]>) =>
    paper.platform(name, {
      inventory: `async ({ environment, stage, withData, environmentDir, data }) => {
        record({ environment, stage, withData, data, here: environmentDir === __dirname });
        return ${JSON.stringify(stacks)}[stage] ?? [];
      }`,
      release: `async ({ stage, stack, purge }) => {
        record({ stage, stack, purge });
        return { released: ['process of ' + stack], kept: purge ? [] : ['data of ' + stack], left: [] };
      }`,
    });
  const keysOf = (removed: readonly { readonly key: string }[]): readonly string[] =>
    removed.map(({ key }) => key);

  describe('are found', () => {
    it('by their states: not those of the source, nor those without a managed resource', async () => {
      const run = paper.of({
        stages: { dev: false },
        stacks: { 'e/dev/a': { state: found() } },
        removed: {
          'e/dev/z': found(),
          'e/dev/y': found({ resources: [resource('R', { mode: 'data' }), resource('S')] }),
          'e/dev/only-read': found({ resources: [resource('R', { mode: 'data' })] }),
          'e/dev/empty': found({ resources: [] }),
          'e/dev/deleted': { kind: 'absent' },
          'e/dev/busy': { kind: 'busy', holder: 'root@host' },
          'e/dev/encrypted': { kind: 'opaque', reason: 'the state is encrypted' },
        },
      });
      const removed = await findRemoved(run, everywhere);
      expect(keysOf(removed)).toEqual(['e/dev/busy', 'e/dev/encrypted', 'e/dev/y', 'e/dev/z']);
      expect(removed.map(({ state }) => state === undefined)).toEqual([true, true, false, false]);
      expect(new Set(removed.map(({ reason }) => reason))).toEqual(
        new Set(['it is in the state, but no longer in the source']),
      );
    });

    it('in the stages that are asked for only, by their states as by the platform', async () => {
      const hooks = [platform('staged', { dev: ['x'], prod: ['x'], gone: ['x'] })];
      const run = paper.of({
        stages: { dev: false, prod: true },
        stacks: { 'e/dev/a': { hooks }, 'e/prod/a': { hooks } },
        removed: {
          'e/dev/old': found(),
          'e/prod/old': found(),
          'e/gone/old': found({ stamp: { hooks } }),
        },
      });
      expect(keysOf(await findRemoved(run, (stage) => stage === 'prod'))).toEqual(['e/prod/old', 'e/prod/x']);
      expect(keysOf(await findRemoved(run, (stage) => stage !== 'prod'))).toEqual([
        'e/dev/old',
        'e/dev/x',
        'e/gone/old',
        'e/gone/x',
      ]);
      expect(keysOf(await findRemoved(run, () => false))).toEqual([]);
    });

    it('with what their stamps say of order and platforms', async () => {
      const [one, other] = await findRemoved(
        paper.of({
          stacks: {},
          removed: {
            'e/dev/x': found({ stamp: { dependencies: ['e/dev/a', 'e/dev/b'] } }),
            'e/dev/y': found(),
          },
        }),
        everywhere,
      );
      expect(one).toMatchObject({ dependencies: ['e/dev/a', 'e/dev/b'], hooks: [] });
      expect(other).toMatchObject({ dependencies: [], hooks: [] });
    });

    it('by what the platforms of the source still run, which have something of stacks without a state', async () => {
      const first = platform('first', { dev: ['a', 'left-over', 'known'] });
      const second = platform('second', { dev: ['other', 'known'] });
      const run = paper.of({
        stacks: { 'e/dev/a': { hooks: [first, second] } },
        removed: { 'e/dev/known': found() },
      });
      const removed = await findRemoved(run, everywhere);
      expect(keysOf(removed)).toEqual(['e/dev/known', 'e/dev/left-over', 'e/dev/other']);
      const [known, leftOver, other] = removed;
      expect(known).toMatchObject({ reason: 'it is in the state, but no longer in the source' });
      expect(known!.state).toBeDefined();
      expect(known!.hooks.map(({ module }) => module)).toEqual([first.module]);
      expect(leftOver).toMatchObject({
        reason: 'the platform still has something of it, but it is not in the source',
        dependencies: [],
      });
      expect(leftOver!.state).toBeUndefined();
      expect(other!.hooks.map(({ module }) => module)).toEqual([second.module]);
      expect(first.recorded).toEqual([
        { environment: 'e', stage: 'dev', withData: false, data: {}, here: true },
      ]);
    });

    it('with the platforms of their own stamp, whatever those of the source say', async () => {
      const own = platform('own', { dev: ['x'] });
      const ofSource = platform('of-source', { dev: ['x'] });
      const run = paper.of({
        stacks: { 'e/dev/a': { hooks: [ofSource] } },
        removed: { 'e/dev/x': found({ stamp: { hooks: [own] } }) },
      });
      const [x] = await findRemoved(run, everywhere);
      expect(x!.hooks.map(({ module }) => module)).toEqual([own.module]);
      expect(x!.state).toBeDefined();
    });

    it('with data only where data is to be deleted', async () => {
      const data = paper.platform('data', {
        inventory: `async ({ withData }) => (withData ? ['data-only', 'running'] : ['running'])`,
      });
      const of = (purge?: boolean) =>
        findRemoved(
          paper.of({
            stacks: { 'e/dev/a': { hooks: [data] } },
            request: { ...(purge === undefined ? {} : { purge }) },
          }),
          everywhere,
        ).then(keysOf);
      expect(await of()).toEqual(['e/dev/running']);
      expect(await of(false)).toEqual(['e/dev/running']);
      expect(await of(true)).toEqual(['e/dev/data-only', 'e/dev/running']);
    });

    it('in stages that have no stack any more, by the platform of another stage', async () => {
      const hooks = [platform('one-for-all', { dev: ['x'], test: ['x'] })];
      const run = paper.of({ stages: { dev: false, test: false }, stacks: { 'e/dev/a': { hooks } } });
      expect(keysOf(await findRemoved(run, everywhere))).toEqual(['e/dev/x', 'e/test/x']);
    });

    it('by the platform of a stage itself where it has one', async () => {
      const ofDev = { ...platform('per-stage', { dev: ['x'], test: ['x'] }), data: 'of dev' };
      const ofTest = { ...ofDev, data: 'of test' };
      const run = paper.of({
        stages: { dev: false, test: false },
        stacks: { 'e/dev/a': { hooks: [ofDev] }, 'e/test/a': { hooks: [ofTest] } },
      });
      const removed = await findRemoved(run, everywhere);
      expect(removed.map(({ key, hooks }) => [key, hooks[0]!.data])).toEqual([
        ['e/dev/x', 'of dev'],
        ['e/test/x', 'of test'],
      ]);
    });

    it('although a platform keeps no list', async () => {
      const silent = paper.platform('silent', {});
      const run = paper.of({
        stacks: { 'e/dev/a': { hooks: [silent] } },
        removed: { 'e/dev/x': found() },
      });
      expect(keysOf(await findRemoved(run, everywhere))).toEqual(['e/dev/x']);
    });
  });

  describe('are destroyed', () => {
    const destroy = async (
      state: StateRead,
      request: { readonly purge?: boolean } = {},
      hooks = [platform('destroyer', {})],
    ) => {
      const run = paper.of({
        stacks: {
          'e/dev/a': {},
        },
        removed: { 'e/dev/x': state },
        request,
      });
      const [removed] = await findRemoved(run, everywhere);
      const result = await destroyRemoved(run, { ...removed!, hooks });
      return { result, asked: hooks.map(({ recorded }) => recorded.at(-1)) };
    };

    it('without their data, unless it is to be deleted', async () => {
      for (const purge of [undefined, false]) {
        const { result, asked } = await destroy(found(), purge === undefined ? {} : { purge });
        expect(asked).toEqual([{ stage: 'dev', stack: 'x', purge: false }]);
        expect(result).toMatchObject({ key: 'e/dev/x', status: 'destroyed', kept: ['data of x'] });
      }
      const { result, asked } = await destroy(found(), { purge: true });
      expect(asked).toEqual([{ stage: 'dev', stack: 'x', purge: true }]);
      expect(result).toMatchObject({ status: 'destroyed', kept: [] });
    });

    it('by each of their platforms', async () => {
      const { result, asked } = await destroy(found(), {}, [platform('one', {}), platform('two', {})]);
      expect(asked).toHaveLength(2);
      expect(result).toMatchObject({
        reasons: ['removed process of x', 'removed process of x'],
        kept: ['data of x', 'data of x'],
      });
    });

    it('without looking at what is really there, and the platforms are not asked where that fails', async () => {
      await destroy(found());
      expect(recorder.calls).toEqual(['destroy e/dev/x -refresh=false']);
      recorder.failing.add('e/dev/x');
      const hooks = [platform('not-asked', {})];
      const { result, asked } = await destroy(found(), {}, hooks);
      expect(result).toMatchObject({
        key: 'e/dev/x',
        status: 'failed',
        error: { message: 'destroy of e/dev/x failed' },
      });
      expect(asked).toEqual([undefined]);
    });

    it('with the backend of another stack under their own key, where nothing was applied from here', async () => {
      await destroy(found());
      const [id, text] = recorder.configurations.get('e/dev/x')!;
      expect(id).toBe('dev-x');
      expect(JSON.parse(text)).toEqual({
        terraform: { backend: { local: { path: '/states/e/dev/x.tfstate' } } },
      });
    });

    it('by the platform alone where there is no state', async () => {
      const hooks = [platform('alone', {})];
      const run = paper.of({ stacks: {} });
      const result = await destroyRemoved(run, { key: 'e/dev/x', dependencies: [], hooks, reason: '' });
      expect(result).toMatchObject({ status: 'destroyed', reasons: ['removed process of x'] });
      expect(recorder.calls).toEqual([]);
    });

    it('by their source where providers are needed: all that are missing are named', async () => {
      const state = found({
        resources: [
          resource('R'),
          resource('S', { provider: 'provider["registry.terraform.io/hashicorp/random"]' }),
          resource('T', { provider: 'module.m.provider["registry.terraform.io/hashicorp/helm"]' }),
          resource('U', { provider: 'provider["registry.terraform.io/hashicorp/random"]' }),
        ],
      });
      const { result } = await destroy(state);
      expect(result.status).toBe('failed');
      expect(result.error!.message).toMatch(/hashicorp\/helm, registry\.terraform\.io\/hashicorp\/random/);
      expect(recorder.calls).toEqual([]);
    });

    it('with the configuration that was applied last from here, which may need any provider', async () => {
      const dir = new WorkDir(paper.dir, 'dev-x');
      dir.write({ configText: '{"applied":"last"}', assets: [] });
      const state = found({
        resources: [resource('S', { provider: 'provider["registry.terraform.io/hashicorp/random"]' })],
      });
      const { result } = await destroy(state);
      expect(result.status).toBe('destroyed');
      expect(recorder.configurations.get('e/dev/x')).toEqual(['dev-x', '{"applied":"last"}']);
      dir.remove();
      expect(existsSync(dir.path)).toBe(false);
    });
  });
});
