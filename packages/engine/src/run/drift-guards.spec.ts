import type { PlanSummary } from '../terraform/plan-json';
import { found, PaperRun, statusesOf, type PaperStack } from '../testing/paper-run';
import { NOTHING, recorder } from '../testing/recorded-engine';
import { driftEnvironment } from './drift';
import { evaluate } from './evaluate';

jest.mock('./stack-engine', () => jest.requireActual('../testing/recorded-engine'));

const paper = new PaperRun();
afterAll(() => paper.remove());
beforeEach(() => recorder.clear());

/** A stack as it would be after an apply that finished. */
async function applied(key: string, stack: PaperStack = {}): Promise<PaperStack> {
  const run = paper.of({ stacks: { [key]: { ...stack, state: found() } } });
  const { digest } = await evaluate(run, run.stacks.get(key)!);
  return { ...stack, state: found({ stamp: { digest: digest! } }) };
}
const drifted = (...drift: PlanSummary['drift']): PlanSummary => ({ ...NOTHING, drift });
const KEY = 'e/dev/a';

it('compares what was applied with what is there, and changes nothing', async () => {
  const stacks = {
    'e/dev/a': await applied('e/dev/a'),
    'e/dev/b': await applied('e/dev/b'),
    'e/dev/c': {},
    'e/prod/d': await applied('e/prod/d'),
  };
  for (const key of Object.keys(stacks)) recorder.plans.set(key, NOTHING);
  recorder.plans.set(
    'e/dev/b',
    drifted(
      { address: 'x.gone', action: 'destroy', attributes: [] },
      { address: 'x.other', action: 'update', attributes: [{ path: 'size', before: '1', after: '2' }] },
    ),
  );
  const results = await driftEnvironment(paper.of({ stacks, stages: { dev: false, prod: true } }));
  expect(statusesOf(results)).toEqual({
    'e/dev/a': 'in-sync',
    'e/dev/b': 'drifted',
    'e/dev/c': 'absent',
    'e/prod/d': 'in-sync',
  });
  const of = (key: string) => results.find((result) => result.key === key)!;
  expect(of('e/dev/a').reasons).toEqual([]);
  expect(of('e/dev/b').reasons).toEqual(['x.gone was deleted', 'x.other was changed']);
  expect(of('e/dev/c').reasons).toEqual(['it was never applied']);
  expect([...recorder.calls].sort()).toEqual([
    'plan e/dev/a -refresh-only',
    'plan e/dev/b -refresh-only',
    'plan e/prod/d -refresh-only',
  ]);
});

it('looks at the stage that is named only', async () => {
  const stacks = { 'e/dev/a': await applied('e/dev/a'), 'e/test/a': await applied('e/test/a') };
  const results = await driftEnvironment(
    paper.of({ stacks, stages: { dev: false, test: false }, request: { stage: 'test' } }),
  );
  expect(results.map(({ key }) => key)).toEqual(['e/test/a']);
});

it('leaves a stack alone that somebody works on', async () => {
  const state = { kind: 'busy', holder: 'ann@host' } as const;
  const [result] = await driftEnvironment(paper.of({ stacks: { [KEY]: { state } } }));
  expect(result).toMatchObject({ status: 'busy', reasons: [expect.stringContaining('ann@host')] });
  expect(recorder.calls).toEqual([]);
});

it('names a source that changed as no drift', async () => {
  const before = await applied(KEY);
  recorder.plans.set(KEY, NOTHING);
  const config = { terraform: {}, resource: { terraform_data: { R: { input: 2 } } } };
  const [result] = await driftEnvironment(paper.of({ stacks: { [KEY]: { ...before, config } } }));
  expect(result).toMatchObject({
    status: 'in-sync',
    reasons: expect.arrayContaining(['its configuration changed (not drift: see plan)']),
  });
});

it('asks the platforms, which see what Terraform does not', async () => {
  const hooks = [
    paper.platform('sick', { probe: `() => [{ address: 'x', problem: 'x is down' }]` }),
    paper.platform('well', { probe: '() => []' }),
    paper.platform('silent', {}),
  ];
  recorder.plans.set(KEY, NOTHING);
  const [result] = await driftEnvironment(paper.of({ stacks: { [KEY]: await applied(KEY, { hooks }) } }));
  expect(result).toMatchObject({ status: 'drifted', reasons: ['x is down'] });
});

describe('attributes that change by themselves', () => {
  const update = (address: string, ...paths: string[]): PlanSummary['drift'][number] => ({
    address,
    action: 'update',
    attributes: paths.map((path) => ({ path, before: '1', after: '2' })),
  });
  const look = async (...drift: PlanSummary['drift']) => {
    const hooks = [{ ...paper.platform('volatile', {}), volatile: ['t_x.etag', 't_x.status'] }];
    const stacks = { [KEY]: await applied(KEY, { hooks }) };
    recorder.plans.set(KEY, drifted(...drift));
    return (await driftEnvironment(paper.of({ stacks })))[0]!;
  };

  it('are no drift', async () => {
    expect(await look(update('t_x.a', 'etag'), update('module.m.t_x.a[0]', 'status.deep'))).toMatchObject({
      status: 'in-sync',
      plan: { drift: [] },
    });
  });

  it('are left out beside others, and are drift of other types', async () => {
    const { plan, reasons } = await look(update('t_x.a', 'etag', 'size'), update('t_y.b', 'etag'));
    expect(reasons).toEqual(['t_x.a was changed', 't_y.b was changed']);
    expect(plan!.drift.map(({ attributes }) => attributes.map(({ path }) => path))).toEqual([
      ['size'],
      ['etag'],
    ]);
  });

  it('count where the resource is gone', async () => {
    expect(await look({ ...update('t_x.a', 'etag'), action: 'destroy' })).toMatchObject({
      status: 'drifted',
    });
  });

  it.each([
    ['', 'in-sync'],
    ['0', 'in-sync'],
    ['false', 'in-sync'],
    ['1', 'drifted'],
  ])('that were not set and are read as "%s" are %s', async (after, status) => {
    const change = { address: 't_z.a', action: 'update' as const, attributes: [{ path: 'x', after }] };
    expect(await look(change)).toMatchObject({ status });
    recorder.clear();
    expect(await look({ ...change, attributes: [{ path: 'x', before: '7', after }] })).toMatchObject({
      status: 'drifted',
    });
  });
});
