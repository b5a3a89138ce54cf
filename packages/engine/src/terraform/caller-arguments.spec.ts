import {
  callerArguments,
  callerLockTimeoutSeconds,
  checkCallerArguments,
  givesArguments,
} from './caller-arguments';

const given: string[] = [];
const set = (variables: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(variables)) {
    given.push(name);
    process.env[name] = value;
  }
};
afterEach(() => {
  for (const name of given.splice(0)) delete process.env[name];
});

it.each([
  ['TF_CLI_ARGS', true],
  ['TF_CLI_ARGS_plan', true],
  ['TF_CLI_ARGSX', false],
  ['TF_VAR_x', false],
])('%s gives arguments: %s', (name, expected) => {
  expect(givesArguments(name)).toBe(expected);
});

describe('arguments that are added', () => {
  it('are those of the command before those of all', () => {
    set({
      TF_CLI_ARGS: '-parallelism=2',
      TF_CLI_ARGS_plan: '-compact-warnings',
      TF_CLI_ARGS_apply: '-parallelism=5',
    });
    expect(callerArguments(['plan', '-json'])).toEqual(['-compact-warnings', '-parallelism=2']);
    expect(callerArguments(['apply'])).toEqual(['-parallelism=5', '-parallelism=2']);
  });

  it('are those of destroy where an apply destroys', () => {
    set({ TF_CLI_ARGS_destroy: '-parallelism=7', TF_CLI_ARGS_apply: '-compact-warnings' });
    expect(callerArguments(['apply', '-destroy'])).toEqual(['-compact-warnings', '-parallelism=7']);
    expect(callerArguments(['apply'])).toEqual(['-compact-warnings']);
  });

  it.each(['init', 'show', 'state', 'import', 'version'])('are none for %s', (command) => {
    set({ TF_CLI_ARGS: '-parallelism=2' });
    expect(callerArguments([command])).toEqual([]);
  });

  it.each([
    ['-parallelism 3', ['-parallelism=3']],
    ['--parallelism=3', ['-parallelism=3']],
    ['-parallelism="3"', ['-parallelism=3']],
    ["  '-parallelism' 3  ", ['-parallelism=3']],
    ['-compact-warnings=false', []],
    ['-compact-warnings=T', ['-compact-warnings']],
    ['-compact-warnings=1', ['-compact-warnings']],
    ['-compact-warnings=0 -parallelism=1', ['-parallelism=1']],
    ['-lock-timeout=30s', []],
    ['-lock-timeout 30s -parallelism 4', ['-parallelism=4']],
    ['', []],
    ['   ', []],
  ])('%s', (text, expected) => {
    set({ TF_CLI_ARGS_plan: text });
    expect(callerArguments(['plan'])).toEqual(expected);
    expect(() => checkCallerArguments()).not.toThrow();
  });
});

describe('the time to wait for a lock', () => {
  it.each([
    ['-lock-timeout=30s', 30],
    ['-lock-timeout=1m30s', 90],
    ['-lock-timeout=1h', 3600],
    ['-lock-timeout=1.5m', 90],
    ['-lock-timeout=.5h', 1800],
    ['-lock-timeout=1500ms', 2],
    ['-lock-timeout=1us', 1],
    ['-lock-timeout=1µs', 1],
    ['-lock-timeout=1ns', 1],
    ['-lock-timeout=+2s', 2],
    ['-lock-timeout=0', 0],
    ['-lock-timeout=+0', 0],
    ['-lock-timeout=1s -lock-timeout=5s -lock-timeout=2s', 5],
  ])('%s is %d seconds', (text, expected) => {
    set({ TF_CLI_ARGS: text });
    expect(callerLockTimeoutSeconds()).toBe(expected);
  });

  it('is the longest of all variables, and undefined without any', () => {
    expect(callerLockTimeoutSeconds()).toBeUndefined();
    set({ TF_CLI_ARGS: '-parallelism=1' });
    expect(callerLockTimeoutSeconds()).toBeUndefined();
    set({ TF_CLI_ARGS_plan: '-lock-timeout=3s', TF_CLI_ARGS_apply: '-lock-timeout=9s' });
    expect(callerLockTimeoutSeconds()).toBe(9);
  });
});

describe('refused is', () => {
  it.each([
    ['-destroy', '-destroy'],
    ['-target=x', '-target'],
    ['-var secret=hunter2', '-var'],
    ['-refresh-only', '-refresh-only'],
    ['-lock=f', '-lock'],
    ['-lock=false', '-lock'],
    ['-detailed-exitcode', '-detailed-exitcode'],
    ['-parallelism=1 -replace=a', '-replace'],
    ['stray', 'a word that is no option'],
    ['-', 'a word that is no option'],
    ['-9', 'a word that is no option'],
    ['-parallelism=0', '-parallelism with the value "0"'],
    ['-parallelism=1.5', '-parallelism with the value "1.5"'],
    ['-parallelism', '-parallelism with the value ""'],
    ['-parallelism=-2', '-parallelism with the value "-2"'],
    ['-parallelism=07x', '-parallelism with the value "07x"'],
    ['-lock-timeout=30', '-lock-timeout with the value "30"'],
    ['-lock-timeout=x30s', '-lock-timeout with the value "x30s"'],
    ['-lock-timeout=30sx', '-lock-timeout with the value "30sx"'],
    ['-lock-timeout=-1s', '-lock-timeout with the value "-1s"'],
    ['-lock-timeout=.s', '-lock-timeout with the value ".s"'],
    ['-lock-timeout=x0', '-lock-timeout with the value "x0"'],
    ['-compact-warnings=yes', '-compact-warnings with the value "yes"'],
    ['-compact-warnings=1x', '-compact-warnings with the value "1x"'],
    ['-parallelism="2', 'characters that are special in a shell, or an open quote'],
    ["-parallelism='2", 'characters that are special in a shell, or an open quote'],
    ['-parallelism=$N', 'characters that are special in a shell, or an open quote'],
    ['-parallelism=1;x', 'characters that are special in a shell, or an open quote'],
    ['-parallelism=1 # x', 'characters that are special in a shell, or an open quote'],
  ])('%s', (text, found) => {
    set({ TF_CLI_ARGS_apply: text });
    for (const check of [checkCallerArguments, () => callerArguments(['apply'])]) {
      expect(check).toThrow(expect.objectContaining({ message: expect.stringMatching(/TF_CLI_ARGS_apply/) }));
      expect(check).toThrow(found);
    }
  });

  it('whatever command it is for, and without its value', () => {
    set({ TF_CLI_ARGS_import: '-var=password=hunter2' });
    expect(() => checkCallerArguments()).toThrow(/-var/);
    expect(() => checkCallerArguments()).not.toThrow(/hunter2/);
  });
});
