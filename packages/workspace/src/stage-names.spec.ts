import { parseStageNames } from './stage-names';

function stagesOf(source: string): readonly string[] {
  return parseStageNames(source, 'environments/lab/environment.ts');
}

describe('the names of stages', () => {
  it('are the keys of stages, in their order', () => {
    const source = `
      import { defineEnvironment } from '@mlterra/core';
      export default defineEnvironment({
        name: 'lab',
        backend,
        stages: { dev: { profile: 'development' }, 'pre-prod': make(), ['prod']: other },
        build(stage) {},
      });`;
    expect(stagesOf(source)).toEqual(['dev', 'pre-prod', 'prod']);
  });

  it('begin with shared where there is a function of that name', () => {
    const asMethod = `export default defineEnvironment({ shared(stage) { return {}; }, stages: { dev: {} } });`;
    const asFunction = `export default defineEnvironment({ shared: (stage) => ({}), stages: { dev: {} } });`;
    const byName = `function shared() {} export default defineEnvironment({ shared, stages: { dev: {} } });`;
    for (const source of [asMethod, asFunction, byName]) expect(stagesOf(source)).toEqual(['shared', 'dev']);
    expect(stagesOf(`export default defineEnvironment({ shared: undefined, stages: { dev: {} } });`)).toEqual(
      ['dev'],
    );
  });

  it('are found through constants, type assertions and another local name', () => {
    const source = `
      import { defineEnvironment as define } from '@mlterra/core';
      const stages = { dev: {}, prod: {} } as const satisfies Stages;
      const props = { name: 'lab', stages };
      const lab = (define<Settings>(props))!;
      export default lab;`;
    expect(stagesOf(source)).toEqual(['dev', 'prod']);
    expect(stagesOf(`export default core.defineEnvironment({ stages: { dev: {} } });`)).toEqual(['dev']);
  });

  it('are read without running the file', () => {
    expect(
      stagesOf(`throw new Error('ran'); export default defineEnvironment({ stages: { dev: {} } });`),
    ).toEqual(['dev']);
  });
});

describe('names that are not literal', () => {
  it.each([
    ['nothing exported', `const a = 1;`, '1:1: .*no "export default"'],
    ['another value', `\nexport default { stages: { dev: {} } };`, '2:1: .*not a call of defineEnvironment'],
    ['a name that leads to itself', `const a = a; export default a;`, 'not a call of defineEnvironment'],
    [
      'no argument',
      `export default defineEnvironment();`,
      'argument of defineEnvironment is not an object literal',
    ],
    [
      'an imported definition',
      `export default defineEnvironment(props);`,
      'argument of .* is not an object literal',
    ],
    [
      'a spread definition',
      `export default defineEnvironment({\n  ...common,\n  stages: {} });`,
      '2:3: .*spreads another object',
    ],
    ['no stages', `export default defineEnvironment({ name: 'lab' });`, 'no property "stages"'],
    [
      'computed stages',
      `export default defineEnvironment({ stages: make() });`,
      '1:44: .*"stages" is not an object literal',
    ],
    [
      'spread stages',
      `export default defineEnvironment({ stages: {\n ...more } });`,
      '2:2: .*"stages" spreads another object',
    ],
    [
      'a computed name',
      `export default defineEnvironment({ stages: { [name]: {} } });`,
      '1:46: .*the name \\[name\\] is computed',
    ],
  ])('are refused with file and line: %s', (_, source, message) => {
    expect(() => stagesOf(source)).toThrow(new RegExp(`^environments/lab/environment\\.ts:.*${message}`));
  });

  it('come with what to write instead', () => {
    expect(() => stagesOf('')).toThrow(
      /expected: export default defineEnvironment.*\n {2}to do: {4}write the names/,
    );
  });

  it('tells a syntax error as one', () => {
    expect(() => parseStageNames('export default defineEnvironment({{\n', 'environment.ts')).toThrow(
      /^environment\.ts:1: syntax error: /,
    );
  });
});
