import { found, PaperRun } from '../testing/paper-run';
import { readOutputs } from './output';

const paper = new PaperRun();
afterAll(() => paper.remove());

const service = (name: string, password: string) => ({
  name,
  url: `http://${name}`,
  username: password === '' ? '' : 'admin',
  password,
});
const withService = (outputs: Readonly<Record<string, unknown>>) => found({ outputs, stamp: {} });

it('outputs are those of all stages that were applied, protected ones too', async () => {
  const read = await readOutputs(
    paper.of({
      stages: { dev: false, prod: true },
      stacks: {
        'e/dev/a': { state: found({ outputs: { one: 1, two: '2' } }) },
        'e/dev/b': { state: { kind: 'busy', holder: 'ann', state: found({ outputs: { b: true } }).state } },
        'e/dev/c': { state: found() },
        'e/dev/d': {},
        'e/prod/a': { state: found({ outputs: { one: 3 } }) },
      },
    }),
  );
  expect(read).toEqual({
    stages: [
      {
        name: 'dev',
        stacks: [
          { name: 'a', outputs: { one: 1, two: '2' } },
          { name: 'b', outputs: { b: true } },
        ],
      },
      { name: 'prod', stacks: [{ name: 'a', outputs: { one: 3 } }] },
    ],
    services: [],
  });
});

it('of a stage that is named there are no others', async () => {
  const state = found({ outputs: { one: 1 } });
  const read = await readOutputs(
    paper.of({
      stages: { dev: false, test: false },
      stacks: { 'e/dev/a': { state }, 'e/test/a': { state } },
      request: { stage: 'test' },
    }),
  );
  expect(read.stages.map(({ name }) => name)).toEqual(['test']);
});

it('what is sensitive is not shown', async () => {
  const { state } = found({ outputs: { open: 'o', secret: 'hunter2' } });
  (state.outputs as Record<string, unknown>)['secret'] = { value: 'hunter2', sensitive: true };
  const read = await readOutputs(paper.of({ stacks: { 'e/dev/a': { state: { kind: 'state', state } } } }));
  expect(read.stages[0]!.stacks[0]!.outputs).toEqual({ open: 'o', secret: '(sensitive)' });
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

describe('services', () => {
  it('are those of the last apply that finished, with where their passwords are', async () => {
    const hooks = [
      paper.platform('files', {
        locateSecret: `({ environment, stage, stack }, name) => name === 'here' ? ['/secrets', environment, stage, stack, name].join('/') : undefined`,
      }),
      paper.platform('none', {}),
    ];
    const outputs = {
      service_one: service('one', 'here'),
      service_two: service('two', 'elsewhere'),
      service_open: service('open', ''),
      url: 'http://no-service',
    };
    const { services } = await readOutputs(
      paper.of({ stacks: { 'e/dev/a': { hooks, state: withService(outputs) } } }),
    );
    expect(services).toEqual([
      {
        stage: 'dev',
        name: 'one',
        url: 'http://one',
        username: 'admin',
        passwordFile: '/secrets/e/dev/a/here',
      },
      { stage: 'dev', name: 'two', url: 'http://two', username: 'admin', passwordFile: 'elsewhere' },
      { stage: 'dev', name: 'open', url: 'http://open', username: '', passwordFile: '' },
    ]);
  });

  it('are none of a stack without a stamp', async () => {
    const state = found({ outputs: { service_one: service('one', '') } });
    expect((await readOutputs(paper.of({ stacks: { 'e/dev/a': { state } } }))).services).toEqual([]);
  });
});
