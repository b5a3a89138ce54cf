import { assertName, formatStackKey, parseStackKey } from './names';

describe('assertName', () => {
  it.each(['a', 'dev', 'a1', 'gpu-cluster', 'x'.repeat(30)])('accepts %p', (name) => {
    expect(() => assertName('a stage', name)).not.toThrow();
  });

  it.each(['', 'Dev', '1a', '-a', 'a-', 'a_b', 'a.b', 'a/b', 'ä', 'a b', 'a\n', 'x'.repeat(31)])(
    'refuses %p',
    (name) => {
      expect(() => assertName('a stage', name)).toThrow(`"${name}" is not a name for a stage.`);
    },
  );

  it('says what a name looks like and where the wrong one is', () => {
    expect(() => assertName('a process', 'My App', 'dev-main/app')).toThrow(
      'dev-main/app: "My App" is not a name for a process.\n  expected: a lower-case letter, then up to 29',
    );
  });
});

describe('stack keys', () => {
  const key = { environment: 'demo', stage: 'dev', stack: 'main' };

  it('are written with slashes and read back', () => {
    expect(formatStackKey(key)).toBe('demo/dev/main');
    expect(parseStackKey('demo/dev/main')).toEqual(key);
  });

  it.each(['', 'demo', 'demo/dev', 'demo/dev/', '/dev/main', 'demo//main', 'demo/dev/main/more'])(
    'are not read out of %p',
    (text) => expect(parseStackKey(text)).toBeUndefined(),
  );
});
