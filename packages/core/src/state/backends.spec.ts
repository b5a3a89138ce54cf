import { Token } from 'cdktf';
import { exportOutputs } from '../outputs';
import { Data } from '../testing/resources';
import { demo, withSynthesized, type Json } from '../testing/synth';
import type { StateBackend } from './backend';
import { localState } from './local';
import { pgState } from './pg';
import { s3State } from './s3';

/** The backend of a stack, and the configuration by which another stack reads it. */
function rendered(backend: StateBackend): {
  backend: Json;
  remoteState: Json;
} {
  const environment = demo((stack) => {
    const data = new Data(stack('database'), 'server', 'x');
    const { host } = exportOutputs(data, { host: data.output });
    const app = stack('app');
    new Data(app, 'app', host.at(app));
  }, backend);
  return withSynthesized(environment, (synthesized) => ({
    backend: synthesized.stack('dev-database').terraform.backend,
    remoteState: synthesized.stack('dev-app').data.terraform_remote_state.upstream_dev_database,
  }));
}

describe('localState', () => {
  it('keeps states beside the environment, by relative paths', () => {
    const path = '../../../.mlterra/state/demo/dev/database.tfstate';
    expect(rendered(localState())).toEqual({
      backend: { local: { path } },
      remoteState: { backend: 'local', config: { path } },
    });
    expect(localState().location('demo/dev/database')).toEqual({ type: 'local', path });
    expect(localState().type).toBe('local');
  });

  it('keeps them in another folder when told', () => {
    const backend = localState({ directory: 'states' });
    expect(rendered(backend).backend.local.path).toBe('../../../states/demo/dev/database.tfstate');
    expect(backend.location('a/b/c')).toEqual({ type: 'local', path: '../../../states/a/b/c.tfstate' });
  });

  it.each([
    '../../../shared',
    'a/./b',
    '.',
    '../~x',
    'a b',
    '.mlterra/states',
    'cdktf.out2',
    'a~',
    '...',
    'ab:c',
    'x/cdktf.out',
    '1:a',
  ])('keeps them in %j, which is relative', (directory) => {
    expect(localState({ directory }).location('a/b/c')).toEqual({
      type: 'local',
      path: `../../../${directory}/a/b/c.tfstate`,
    });
  });

  it.each([
    ['/abs', 'is absolute'],
    ['/', 'is absolute'],
    ['C:\\states', 'is absolute'],
    ['c:/states', 'is absolute'],
    ['C:states', 'is absolute'],
    ['\\\\server\\share', 'is absolute'],
    ['~', 'counts from the home folder'],
    ['~/states', 'counts from the home folder'],
    ['~ann/states', 'counts from the home folder'],
    ['', 'is empty'],
    [' ', 'is empty'],
    ['a\\b', 'has a \\ in it'],
    [Token.asString({ resolve: () => 'x' }), 'is known to Terraform only'],
    ['cdktf.out', 'lies in cdktf.out, which mlterra empties'],
    ['.mlterra/stacks', 'lies in .mlterra/stacks, which mlterra empties'],
    ['.mlterra/x/../stacks/', 'lies in .mlterra/stacks, which mlterra empties'],
    ['cdktf.out/', 'lies in cdktf.out, which mlterra empties'],
    ['cdktf.out/states', 'lies in cdktf.out, which mlterra empties'],
    ['z:', 'is absolute'],
    ['./.mlterra/stacks/x', 'lies in .mlterra/stacks, which mlterra empties'],
  ])('refuses the directory %j', (directory, problem) => {
    const define = (): unknown => localState({ directory });
    expect(define).toThrow(
      `localState({ directory: ${JSON.stringify(directory)} }): the directory ${problem}`,
    );
    expect(define).toThrow(/expected: a folder relative to the environment's folder/);
    expect(define).toThrow(/make a link to it beside environment.ts and name the link/);
  });
});

describe('text that Terraform would take for a template', () => {
  it('is escaped in the path of a state that is read, and not where it is the backend', () => {
    const { backend, remoteState } = rendered(localState({ directory: '${x}/%{y}' }));
    expect(backend.local.path).toBe('../../../${x}/%{y}/demo/dev/database.tfstate');
    expect(remoteState.config.path).toBe('../../../$${x}/%%{y}/demo/dev/database.tfstate');
  });

  it('is escaped where a bucket is read, and not where it is the backend', () => {
    const { backend, remoteState } = rendered(
      s3State({ bucket: 'b', region: 'r', keyPrefix: '${p}', endpoint: 'http://h/%{e}' }),
    );
    expect(backend.s3).toMatchObject({
      key: '${p}/demo/dev/database.tfstate',
      endpoints: { s3: 'http://h/%{e}' },
    });
    expect(remoteState.config).toMatchObject({
      key: '$${p}/demo/dev/database.tfstate',
      endpoints: { s3: 'http://h/%%{e}' },
    });
  });
});

describe('pgState', () => {
  it('has a schema per stack and the connection string in no file', () => {
    expect(rendered(pgState())).toEqual({
      backend: { pg: { schema_name: 'demo/dev/database' } },
      remoteState: { backend: 'pg', config: { schema_name: 'demo/dev/database' } },
    });
    expect(pgState().location('demo/dev/database')).toEqual({ type: 'pg', schema: 'demo/dev/database' });
  });

  it('refuses a key that PostgreSQL would cut off', () => {
    const key = `demo/dev/${'x'.repeat(54)}`;
    expect(pgState().location(key)).toEqual({ type: 'pg', schema: key });
    expect(() => pgState().location(`${key}x`)).toThrow(
      `The state key "${key}x" is 64 bytes long; it names a PostgreSQL schema.\n  expected: at most 63 bytes\n  to do:    shorten the name of the environment, the stage or the stack`,
    );
  });
});

describe('s3State', () => {
  it('encrypts states and locks them by a file in the bucket', () => {
    const config = {
      bucket: 'states',
      encrypt: true,
      key: 'demo/dev/database.tfstate',
      region: 'eu-central-1',
      use_path_style: false,
    };
    const backend = s3State({ bucket: 'states', region: 'eu-central-1' });
    expect(rendered(backend)).toEqual({
      backend: { s3: { ...config, use_lockfile: true } },
      remoteState: { backend: 's3', config },
    });
    expect(backend.minimumTerraform).toBe('1.10');
    expect([backend.type, pgState().type, pgState().minimumTerraform]).toEqual(['s3', 'pg', undefined]);
    expect(backend.location('demo/dev/database')).toEqual({
      type: 's3',
      bucket: 'states',
      key: 'demo/dev/database.tfstate',
      region: 'eu-central-1',
      usePathStyle: false,
    });
  });

  it.each([undefined, '', '/'])(
    'puts nothing before a key where the prefix is %j, as no key may begin with /',
    (keyPrefix) => {
      const backend = s3State({ bucket: 'states', region: 'eu-central-1', keyPrefix });
      expect(rendered(backend).backend.s3.key).toBe('demo/dev/database.tfstate');
      expect(backend.location('a/b/c')).toMatchObject({ key: 'a/b/c.tfstate' });
    },
  );

  it.each(['teams/ml', 'teams/ml/', 'teams/ml//'])('puts the prefix %p before every key', (keyPrefix) => {
    const backend = s3State({ bucket: 'states', region: 'eu-central-1', keyPrefix });
    expect(rendered(backend).backend.s3.key).toBe('teams/ml/demo/dev/database.tfstate');
    expect(backend.location('a/b/c')).toMatchObject({ key: 'teams/ml/a/b/c.tfstate' });
  });

  it('asks a compatible server for nothing that only AWS has', () => {
    const backend = s3State({ bucket: 'states', region: 'us-east-1', endpoint: 'https://s3.example.org' });
    expect(rendered(backend).backend.s3).toEqual({
      bucket: 'states',
      encrypt: true,
      endpoints: { s3: 'https://s3.example.org' },
      key: 'demo/dev/database.tfstate',
      region: 'us-east-1',
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
      skip_s3_checksum: true,
      use_lockfile: true,
      use_path_style: true,
    });
    expect(backend.location('a/b/c')).toMatchObject({
      endpoint: 'https://s3.example.org',
      usePathStyle: true,
    });
    expect(
      s3State({ bucket: 'b', region: 'r', endpoint: 'https://x', usePathStyle: false }).location('a/b/c'),
    ).toMatchObject({
      usePathStyle: false,
    });
  });
});
