/** @long */
import { readFileSync, writeFileSync } from 'node:fs';
import { localState } from '@mlterra/core';
import { hashValue } from '../digest/digest';
import { createStateReader } from '../state/state-reader';
import { parseLossless, stringifyLossless } from '../state/lossless';
import { hookContext } from './hook-context';
import type { EnvironmentResult } from './result';
import { Child } from '../testing/child';
import { Fixture, statuses } from '../testing/fixture';

/** One stack with an output for each value (JSON), and one stack for each output that reads it. */
const environment = (name: string, values: Readonly<Record<string, string>>): string => `
import { defineEnvironment, exportOutputs, localState } from '@mlterra/core';
import { DataResource, Fn, Token } from 'cdktf';

const values: Record<string, string> = ${JSON.stringify(values)};

export default defineEnvironment({
  name: ${JSON.stringify(name)},
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build: (stage) => {
    const up = stage.stack('up');
    const fields = Object.entries(values).map(([key, json]) => [key, Token.asString(Fn.jsondecode(Fn.rawString(json)))] as const);
    for (const [key, output] of Object.entries(exportOutputs(up, Object.fromEntries(fields)))) {
      const down = stage.stack(key);
      new DataResource(down, 'R', { input: { it: output.at(down) } });
    }
  },
});
`;

describe('numbers beyond what JavaScript holds', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());
  const stateText = (key: string): string => readFileSync(fixture.stateFile(`numbers/dev/${key}`), 'utf8');
  const define = (values: Readonly<Record<string, string>>): string =>
    fixture.environment('numbers', environment('numbers', values));
  const applied = async (): Promise<EnvironmentResult> => {
    const result = await fixture.run('apply', 'numbers');
    expect(result.error).toBeUndefined();
    return result;
  };
  const before = {
    whole: '9007199254740992',
    nested: '{"a":[1,{"b":0.1}]}',
    huge: '1e400',
    third: '0.3333333333333333',
    same: '[1.0,-0,1e21]',
  };
  const after = {
    whole: '9007199254740993',
    nested: '{"a":[1,{"b":0.10000000000000000001}]}',
    huge: '1e401',
    third: '0.33333333333333331',
    same: '[1,0,1000000000000000000000]',
  };

  it('reach the stacks that read them, and are printed as they are', async () => {
    define(before);
    expect((await applied()).stacks.map(({ status }) => status)).toEqual(Array(6).fill('applied'));
    define(after);
    expect(statuses(await applied())).toEqual({
      'numbers/dev/up': 'applied',
      'numbers/dev/whole': 'applied',
      'numbers/dev/nested': 'applied',
      'numbers/dev/huge': 'applied',
      'numbers/dev/third': 'applied',
      'numbers/dev/same': 'unchanged',
    });
    expect(stateText('whole')).toContain('"it": 9007199254740993');
    expect(stateText('nested')).toContain('"b": 0.10000000000000000001');
    expect((await applied()).stacks.map(({ status }) => status)).toEqual(Array(6).fill('unchanged'));

    const location = localState().location('numbers/dev/up');
    const reader = createStateReader({ environmentDir: fixture.dir('numbers') });
    const run = { environment: { dir: '' }, reader, stacks: new Map([['numbers/dev/up', { location }]]) };
    const context = hookContext(run as never, 'numbers/dev/whole', { module: '', data: undefined });
    expect(await context.readOutput!('numbers/dev/up', 'whole')).toBe(9007199254740993n);
    expect(await context.readOutput!('numbers/dev/up', 'nested')).toEqual({ a: [1, { b: 0.1 }] });
    expect(await context.readOutput!('numbers/dev/up', 'none')).toBeUndefined();
    expect(await context.readOutput!('numbers/dev/none', 'whole')).toBeUndefined();

    const json = new Child('output', fixture.request('numbers', { json: true }));
    await json.ended;
    expect(json.output).toContain('"whole": 9007199254740993');
    expect(json.output).toContain('"b": 0.10000000000000000001');
    expect(json.output).toContain(`"huge": 1${'0'.repeat(401)}`);
    const text = new Child('output', fixture.request('numbers'));
    await text.ended;
    expect(text.output).toMatch(/whole\s+│ 9007199254740993 /);
    expect(text.output).toContain('{"a":[1,{"b":0.10000000000000000001}]}');
  }, 120_000);

  it('are compared digit by digit with those in the stamp', async () => {
    define(after);
    await applied();
    const file = fixture.stateFile('numbers/dev/up');
    const state = parseLossless(readFileSync(file, 'utf8')) as { outputs: { whole: { value: unknown } } };
    state.outputs.whole.value = 9007199254740992;
    writeFileSync(file, stringifyLossless(state, 2));
    const plan = await fixture.run('plan', 'numbers');
    expect(plan.stacks[0]).toMatchObject({ reasons: ['its outputs were not written completely'] });
  }, 120_000);
});

it('a stamp that was written before numbers were read losslessly still counts', async () => {
  const fixture = new Fixture();
  const values = {
    port: '8080',
    ratio: '0.1',
    big: '1e21',
    list: '{"10":[1,2.5],"9":{"b":null,"a":true}}',
    text: '"x"',
  };
  fixture.environment('old', environment('old', values));
  try {
    expect((await fixture.run('apply', 'old')).error).toBeUndefined();
    for (const [key, json] of Object.entries(values)) {
      // The hash of the value as JSON.parse reads it.
      const stamp = readFileSync(fixture.stateFile(`old/dev/${key}`), 'utf8');
      expect(stamp).toContain(`\\"old/dev/up#${key}\\":\\"${hashValue(JSON.parse(json))}\\"`);
    }
  } finally {
    fixture.remove();
  }
}, 120_000);
