import { coloursAsOutput } from './colours';

describe('colours of a task', () => {
  it.each([
    ['a file', 'true', undefined, undefined],
    ['a terminal', 'true', true, 'true'],
    ['a file, where a person wants them', '1', undefined, '1'],
  ])('for %s', (_, given, isTTY, expected) => {
    const env: NodeJS.ProcessEnv = { FORCE_COLOR: given };
    coloursAsOutput(env, { isTTY });
    expect(env['FORCE_COLOR']).toBe(expected);
  });
});
