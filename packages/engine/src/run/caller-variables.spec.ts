import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandName } from '../command';
import { lockProviders } from '../providers/lock-providers';
import { builtinEnvironment, Fixture, statuses } from '../testing/fixture';

describe('variables of the caller', () => {
  const fixture = new Fixture();
  const before = { ...process.env };
  const KEY = 'lab/dev/a';

  /** The engine, which notes the arguments of every command. */
  const engine = path.join(fixture.root, 'terraform');
  const calls = path.join(fixture.root, 'calls');
  const noted = (): readonly string[] => readFileSync(calls, 'utf8').split('\n').slice(0, -1);

  beforeAll(async () => {
    writeFileSync(engine, `#!/bin/sh\necho "$@" >> '${calls}'\nexec terraform "$@"\n`, { mode: 0o755 });
    fixture.environment('lab', builtinEnvironment('lab', { dev: { a: { input: { v: '1' } } } }));
    expect(statuses(await fixture.run('apply', 'lab', { engine }))).toEqual({ [KEY]: 'applied' });
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  afterAll(() => fixture.remove());

  it.each([
    ['TF_CLI_ARGS_plan', '-destroy', 'TF_CLI_ARGS_plan holds -destroy,'],
    ['TF_CLI_ARGS_plan', '--target=terraform_data.R', 'TF_CLI_ARGS_plan holds -target,'],
    ['TF_CLI_ARGS_plan', '-refresh-only', 'TF_CLI_ARGS_plan holds -refresh-only,'],
    ['TF_CLI_ARGS_plan', '-refresh=false', 'TF_CLI_ARGS_plan holds -refresh,'],
    ['TF_CLI_ARGS', '-parallelism=3 -lock=f', 'TF_CLI_ARGS holds -lock,'],
    ['TF_CLI_ARGS_apply', '"-lock" f', 'TF_CLI_ARGS_apply holds -lock,'],
    ['TF_CLI_ARGS_plan', '-detailed-exitcode', 'TF_CLI_ARGS_plan holds -detailed-exitcode,'],
    ['TF_CLI_ARGS_init', '-upgrade', 'TF_CLI_ARGS_init holds -upgrade,'],
    ['TF_CLI_ARGS_state_push', '-force', 'TF_CLI_ARGS_state_push holds -force,'],
    ['TF_CLI_ARGS_plan', '-parallelism 3 terraform_data.R', 'holds a word that is no option'],
    ['TF_CLI_ARGS_plan', '-compact-warnings false', 'holds a word that is no option'],
    ['TF_CLI_ARGS_plan', '-parallelism -destroy', 'holds -parallelism with the value "-destroy"'],
    ['TF_CLI_ARGS_plan', '-lock-timeout=soon', 'holds -lock-timeout with the value "soon"'],
    ['TF_CLI_ARGS_plan', '-d\\estroy', 'characters that are special in a shell'],
    ['TF_CLI_ARGS_plan', '"-parallelism=3', 'an open quote'],
    ['TF_WORKSPACE', 'blue', 'TF_WORKSPACE is set to "blue"'],
    ['TF_DATA_DIR', '/tmp/elsewhere', 'TF_DATA_DIR is set'],
    ['TF_REATTACH_PROVIDERS', '{"random":{}}', 'TF_REATTACH_PROVIDERS is set'],
  ])('refuses %s=%s before any work', async (variable, value, message) => {
    const state = readFileSync(fixture.stateFile(KEY), 'utf8');
    const started = noted().length;
    process.env[variable] = value;
    for (const command of ['plan', 'apply', 'destroy', 'drift', 'output'] satisfies CommandName[]) {
      const { error, stacks } = await fixture.run(command, 'lab', { engine, yes: true, all: true });
      expect(error?.message).toContain(message);
      expect(error?.message).toMatch(/nothing was planned or applied|unset TF_WORKSPACE/);
      expect(stacks).toEqual([]);
    }
    expect(noted()).toHaveLength(started);
    expect(readFileSync(fixture.stateFile(KEY), 'utf8')).toBe(state);
  });

  it('never repeats a value that may be a secret', async () => {
    process.env['TF_CLI_ARGS_plan'] = '-var password=hunter2';
    const { error } = await fixture.run('plan', 'lab', { engine });
    expect(error?.message).toContain('TF_CLI_ARGS_plan holds -var,');
    expect(error?.message).not.toContain('hunter2');
  });

  it('are refused when providers are locked, too', async () => {
    process.env['TF_CLI_ARGS_providers_lock'] = '-platform=linux_386';
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const environmentDirs = [fixture.dir('lab')];
      expect(await lockProviders({ workspaceRoot: fixture.root, environmentDirs, engine })).toBe(1);
      expect(written.mock.calls.flat().join('')).toContain('TF_CLI_ARGS_providers_lock holds -platform,');
    } finally {
      written.mockRestore();
    }
  });

  it.each([
    ['-parallelism=3', ['-parallelism=3']],
    ['--parallelism 3 -compact-warnings', ['-parallelism=3', '-compact-warnings']],
    [`"-parallelism" '3'  -lock-timeout="1m30s"`, ['-parallelism=3']],
    ['-compact-warnings=false', []],
    ['  ', []],
  ])('TF_CLI_ARGS=%s counts for the commands that know it', async (value, given) => {
    process.env['TF_CLI_ARGS'] = value;
    const started = noted().length;
    const request = { engine, all: true, lockTimeoutSeconds: undefined };
    expect(statuses(await fixture.run('apply', 'lab', request))).toEqual({ [KEY]: 'unchanged' });
    const [plan] = noted().slice(started);
    const timeout = value.includes('lock-timeout') ? 90 : 10;
    expect(plan).toMatch(
      new RegExp(`^${['plan', ...given, '-json'].join(' ')} .* -lock-timeout=${timeout}s$`),
    );
    expect(
      noted()
        .slice(started)
        .filter((call) => call.startsWith('show')),
    ).toEqual([expect.not.stringContaining('parallelism')]);
  });

  it('the arguments of a destroy are those of the command "destroy", too', async () => {
    const name = 'gone';
    fixture.environment(name, builtinEnvironment(name, { dev: { a: { input: { v: '1' } } } }));
    await fixture.run('apply', name, { engine });
    process.env['TF_CLI_ARGS_destroy'] = '-parallelism=2';
    const result = await fixture.run('destroy', name, { engine, yes: true });
    expect(statuses(result)).toEqual({ [`${name}/dev/a`]: 'destroyed' });
    expect(noted().at(-1)).toMatch(/^apply -parallelism=2 -destroy /);
  });

  it('files are relative to the folder of the caller', async () => {
    const log = path.relative(process.cwd(), path.join(fixture.root, 'log', 'terraform.log'));
    mkdirSync(path.join(fixture.root, 'log'));
    Object.assign(process.env, { TF_LOG: 'info', TF_LOG_PATH: log });
    expect(statuses(await fixture.run('plan', 'lab', { engine, all: true }))).toEqual({ [KEY]: 'unchanged' });
    expect(existsSync(path.resolve(log))).toBe(true);
  });

  it('a workspace that was selected in a working folder leads nowhere else', async () => {
    const folder = path.join(fixture.dir('lab'), '.mlterra', 'stacks', 'dev-a');
    writeFileSync(path.join(folder, '.terraform', 'environment'), 'blue');
    writeFileSync(path.join(folder, 'terraform.tfvars'), 'stray = 1\n');
    expect(statuses(await fixture.run('apply', 'lab', { engine, all: true }))).toEqual({
      [KEY]: 'unchanged',
    });
    expect(existsSync(path.join(folder, 'terraform.tfstate.d'))).toBe(false);
  });
});
