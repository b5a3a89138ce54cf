import path from 'node:path';
import { engineEnvironment } from './engine-environment';

const given = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in given)) delete process.env[name];
  Object.assign(process.env, given);
});

it('is that of the caller, with what only mlterra decides', () => {
  Object.assign(process.env, {
    MLTERRA_SPEC: 'x',
    TF_INPUT: '1',
    TF_CLI_ARGS: '-parallelism=1',
    TF_CLI_ARGS_plan: '',
  });
  const environment = engineEnvironment();
  expect(environment).toMatchObject({
    MLTERRA_SPEC: 'x',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  });
  expect(Object.keys(environment).filter((name) => name.startsWith('TF_CLI_ARGS'))).toEqual([]);
});

it.each(['TF_CLI_CONFIG_FILE', 'TERRAFORM_CONFIG', 'TF_PLUGIN_CACHE_DIR', 'TF_LOG_PATH'])(
  'names the file of %s from the folder of the caller',
  (name) => {
    process.env[name] = 'some/file';
    expect(engineEnvironment()[name]).toBe(path.resolve('some/file'));
    process.env[name] = '/abs/file';
    expect(engineEnvironment()[name]).toBe('/abs/file');
    process.env[name] = '';
    expect(engineEnvironment()[name]).toBe('');
  },
);

it.each([
  ['TF_DATA_DIR', '/x', /TF_DATA_DIR.*each stack keeps its modules/s],
  ['TF_REATTACH_PROVIDERS', '{}', /TF_REATTACH_PROVIDERS.*locked ones/s],
  ['TF_WORKSPACE', 'other', /TF_WORKSPACE.*other/s],
  ['TF_CLI_ARGS_apply', '-target=x', /TF_CLI_ARGS_apply.*-target/s],
])('refuses %s=%s', (name, value, message) => {
  process.env[name] = value;
  expect(() => engineEnvironment()).toThrow(message);
});

it.each([
  ['TF_DATA_DIR', ''],
  ['TF_REATTACH_PROVIDERS', ''],
  ['TF_WORKSPACE', ''],
  ['TF_WORKSPACE', 'default'],
])('takes %s=%s', (name, value) => {
  process.env[name] = value;
  expect(() => engineEnvironment()).not.toThrow();
});
