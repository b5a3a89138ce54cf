import { stripVTControlCharacters as plain } from 'node:util';
import type { EnvironmentResult, Service, StackResult } from '../run/result';
import type { PlannedChange, PlanSummary } from '../terraform/plan-json';
import { counts, planLines, renderTables, type TableOptions } from './tables';

describe('tables', () => {
  it('tells what was deleted by its address only', () => {
    const result: StackResult = {
      key: 'env/dev/a',
      status: 'drifted',
      reasons: [],
      seconds: 0,
      plan: {
        resources: [],
        outputs: [],
        stampOnly: false,
        drift: [
          { address: 'x.gone', action: 'destroy', attributes: [{ path: 'id', before: '"1"' }] },
          { address: 'x.other', action: 'update', attributes: [{ path: 'id', before: '"1"', after: '"2"' }] },
        ],
      },
    };
    expect(planLines(result).map((line) => plain(line))).toEqual([
      'env/dev/a',
      '  - x.gone was deleted',
      '  ~ x.other',
      '      id: "1" -> "2"',
    ]);
  });

  it('puts commands that print passwords below the services, and files beside them', () => {
    const service = (name: string, passwordFile: string): Service => ({
      stage: 'dev',
      name,
      url: 'http://localhost',
      username: 'admin',
      passwordFile,
    });
    const command = `kubectl get secret ${'x'.repeat(150)} -o jsonpath='{.data.password}'`;
    const services = [service('mlflow', command), service('store', '/my secrets/store')];
    const environments = [{ name: 'env', stacks: [], notes: [], services }];
    const text = renderTables(
      { command: 'output', engineSeconds: 0, environments },
      { explain: false, columns: 100 },
    );
    const lines = plain(text).split('\n');
    expect(lines.at(-1)).toBe(`password of mlflow (env/dev): run ${command}`);
    expect(text).toContain('user admin, password in /my secrets/store');
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThan(100);
  });

  const stack = (rest: Partial<StackResult>): StackResult => ({
    key: 'env/dev/a',
    status: 'changed',
    reasons: [],
    seconds: 0,
    ...rest,
  });
  const changes = (
    resources: readonly PlannedChange[],
    outputs: readonly PlannedChange[] = [],
  ): PlanSummary => ({ resources, outputs, drift: [], stampOnly: false });
  const change = (address: string, rest: Partial<PlannedChange>): PlannedChange => ({
    address,
    action: 'update',
    attributes: [],
    ...rest,
  });
  const render = (
    environment: Partial<EnvironmentResult>,
    options: Partial<TableOptions> = {},
  ): readonly string[] =>
    plain(
      renderTables(
        {
          command: 'plan',
          engineSeconds: 1.234,
          environments: [{ name: 'env', stacks: [], notes: [], ...environment }],
        },
        { explain: false, columns: 120, ...options },
      ),
    ).split('\n');
  const row = (lines: readonly string[], key: string): string[] =>
    lines
      .find((line) => line.includes(`│ ${key} `))!
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim());

  it('count changes by action, origin and outputs', () => {
    const plan = changes(
      [
        change('a', { action: 'create' }),
        change('b', { action: 'create' }),
        change('c', { action: 'replace' }),
        change('d', { action: 'import', importId: 'i' }),
        change('e', { action: 'update', importId: 'j' }),
        change('f', { action: 'move', previousAddress: 'g' }),
        change('h', { action: 'destroy' }),
      ],
      [change('o', { action: 'create' })],
    );
    expect(counts(stack({ plan }))).toBe('+2 -/+1 ~1 -1 import 2 move 1 outputs 1');
    expect(counts(stack({}))).toBe('');
    expect(counts(stack({ plan: changes([]) }))).toBe('');
  });

  it('name every change with where it comes from, and the attributes that differ', () => {
    const attributes = [
      { path: 'size', before: '1', after: '2' },
      { path: 'gone', before: 'x' },
      { path: 'new', after: 'y' },
    ];
    const plan = changes(
      [
        change('a.one', { attributes }),
        change('a.two', { action: 'create', attributes }),
        change('a.three', { action: 'import', importId: 'id "x"' }),
        change('a.four', { action: 'update', importId: 'i', previousAddress: 'a.old' }),
        change('a.five', { action: 'move', previousAddress: 'a.before' }),
        change('a.six', { action: 'forget' }),
        change('a.seven', { action: 'destroy', attributes: [{ path: 'id', before: '1' }] }),
      ],
      [change('url', { action: 'update', attributes: [{ path: '', before: 'p', after: 'q' }] })],
    );
    expect(planLines(stack({ plan })).map((line) => plain(line))).toEqual([
      'env/dev/a',
      '  ~ a.one',
      '      size: 1 -> 2',
      '      gone: x -> (removed)',
      '      new: y',
      '  + a.two',
      '      size: 1 -> 2',
      '      new: y',
      '  import a.three, id "id \\"x\\""',
      '  ~ a.four, imported, id "i", moved from a.old',
      '  move a.five, from a.before',
      '  x a.six, not destroyed',
      '  - a.seven',
      '      id: 1 -> (removed)',
      '  ~ output url',
      '      value: p -> q',
    ]);
  });

  it.each(['unchanged', 'applied', 'restamp'] as const)('say nothing more of what is %s', (status) => {
    expect(planLines(stack({ status, plan: changes([change('a', {})]) }))).toEqual([]);
    expect(planLines(stack({ plan: changes([]) }))).toEqual([]);
  });

  it('show drift of what has drifted, and of nothing else', () => {
    const plan = { ...changes([change('planned', {})], [change('o', {})]), drift: [change('drift', {})] };
    const lines = (status: StackResult['status']): readonly string[] =>
      planLines(stack({ status, plan })).map((line) => plain(line));
    expect(lines('drifted')).toEqual(['env/dev/a', '  ~ drift']);
    expect(lines('changed')).toEqual(['env/dev/a', '  ~ planned', '  ~ output o']);
  });

  it('say why, of what is as it should be only when asked', () => {
    const stacks = [
      stack({ key: 'env/dev/a', status: 'unchanged' }),
      stack({ key: 'env/dev/b', status: 'in-sync', reasons: ['looked'] }),
      stack({ key: 'env/dev/c', status: 'changed', reasons: ['one', 'two'] }),
      stack({ key: 'env/dev/d', status: 'unchanged', reasons: ['it was'] }),
    ];
    const quiet = render({ stacks });
    expect(['a', 'b', 'c', 'd'].map((name) => row(quiet, `env/dev/${name}`)[3])).toEqual([
      '',
      '',
      'one; two',
      '',
    ]);
    const explained = render({ stacks }, { explain: true });
    expect(['a', 'b', 'c', 'd'].map((name) => row(explained, `env/dev/${name}`)[3])).toEqual([
      'its digest is the one that was applied last',
      'looked',
      'one; two',
      'it was',
    ]);
  });

  it('fit the terminal, but for a column to read in', () => {
    const reasons = ['a long reason '.repeat(20).trim()];
    for (const [columns, most] of [
      [100, 100],
      [40, 70],
    ] as const) {
      const lines = render({ stacks: [stack({ reasons })] }, { columns });
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(most);
    }
  });

  it('end with failures, what is kept, notes and the time', () => {
    const lines = render({
      stacks: [
        stack({ status: 'failed', error: { code: 'c', message: 'broken' }, kept: ['a volume', 'a key'] }),
      ],
      notes: ['careful'],
    });
    expect(lines.slice(-5)).toEqual([
      'error in env/dev/a: broken',
      'kept of env/dev/a: a volume',
      'kept of env/dev/a: a key',
      'note: careful',
      'engine time 1.23 s',
    ]);
  });

  it('say in one line what stands for the whole environment', () => {
    expect(render({ noStage: 'prod', notes: ['x'] })).toEqual(['env: no stage prod', 'engine time 1.23 s']);
    expect(render({ error: { code: 'c', message: 'no file' } })).toEqual([
      'error in env: no file',
      'engine time 1.23 s',
    ]);
    expect(render({ stages: [] })).toEqual(['env: nothing is applied yet', 'engine time 1.23 s']);
  });

  it('print outputs as they are: texts plain, all else as JSON', () => {
    const outputs = { url: 'http://x', list: [1, 'a'], number: 7 };
    const lines = render({ stages: [{ name: 'dev', stacks: [{ name: 'a', outputs }] }] });
    const cells = lines
      .filter((line) => line.includes('env/dev/a'))
      .map((line) => line.split('│').slice(2, 4));
    expect(cells.map((pair) => pair.map((cell) => cell.trim()))).toEqual([
      ['url', 'http://x'],
      ['list', '[1,"a"]'],
      ['number', '7'],
    ]);
  });

  it('have no services where there are none, and no password where none is needed', () => {
    expect(render({ services: [] })).toEqual(['engine time 1.23 s']);
    const service = { stage: 'dev', name: 's', url: 'http://x', username: '', passwordFile: '' };
    expect(row(render({ services: [service] }), 's')).toEqual(['s', 'env/dev', 'http://x', 'none needed']);
    const named = { ...service, username: 'u', passwordFile: 'a-name' };
    expect(row(render({ services: [named] }), 's')[3]).toBe('user u, password in a-name');
  });
});
