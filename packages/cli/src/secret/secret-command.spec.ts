import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { readSealedFile } from '@mlterra/sealing';

const REPOSITORY = path.resolve(__dirname, '../../../..');
const BINARY = path.join(REPOSITORY, 'packages', 'cli', 'bin', 'mlterra.js');

/** Sealed by `describeSealed` alone: the command knows no module. */
const ENVIRONMENT = `
import { join } from 'node:path';
import { defineEnvironment, localState } from '@mlterra/core';
import { describeController, describeSealed } from '@mlterra/sealing';

export default defineEnvironment({
  name: 'notes',
  backend: localState(),
  stages: {
    dev: { profile: 'development', settings: undefined },
    prod: { profile: 'production', settings: undefined },
  },
  build(stage) {
    const controller = stage.stack('controller');
    describeController(controller, { namespace: 'sealed', service: 'sealed-secrets' });
    const names = stage.name === 'dev' ? ['login', 'token'] : ['login'];
    for (const name of names) {
      const recipient = { namespace: \`\${stage.name}-notes\`, name };
      const file = join(__dirname, 'secrets', \`\${stage.name}-\${name}.sealed.yaml\`);
      describeSealed(stage.stack(name), { recipient, file, controller });
    }
  },
});
`;

/** Each starts the command anew. */
const inFull = process.env['MLTERRA_TEST_FULL'] ? it : it.skip;

let root: string;
let certificate: string;
let environment: string;

function run(input: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, 'secret', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: path.join(root, 'kubeconfig'), NO_COLOR: '1' },
  });
  return { code: status, stdout, stderr };
}
const seal = (input: string, ...args: readonly string[]) =>
  run(input, 'seal', 'notes', ...args, '--cert', certificate);
const file = (name: string): string => path.join(environment, 'secrets', `${name}.sealed.yaml`);

beforeAll(() => {
  // Beside the packages, which the environment takes.
  mkdirSync(path.join(REPOSITORY, 'tmp'), { recursive: true });
  root = mkdtempSync(path.join(REPOSITORY, 'tmp', 'secret-'));
  environment = path.join(root, 'environments', 'notes');
  mkdirSync(environment, { recursive: true });
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'), 'dir');
  writeFileSync(
    path.join(root, 'package.json'),
    JSON.stringify({ private: true, workspaces: ['environments/*'] }),
  );
  writeFileSync(path.join(environment, 'environment.ts'), ENVIRONMENT);
  certificate = path.join(root, 'controller.crt');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=sealed-secrets', '-days', '2'],
      ...['-keyout', path.join(root, 'controller.key'), '-out', certificate],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('mlterra secret seal', () => {
  it('seals a value without a cluster, and adds others to the file, without showing any', () => {
    const first = seal('hunter2-hunter2\n', 'login', 'password', '-c', 'dev');
    expect(first).toEqual({
      code: 0,
      stdout: 'sealed password for dev-notes/login in environments/notes/secrets/dev-login.sealed.yaml\n',
      stderr: '',
    });
    const value = path.join(root, 'value');
    writeFileSync(value, 'lovelace\n');
    expect(seal('', 'login', 'user', '-c', 'dev', '--from-file', value).code).toBe(0);
    const { encryptedData, ...content } = readSealedFile(file('dev-login'));
    expect(Object.keys(encryptedData)).toEqual(['password', 'user']);
    expect(content).toMatchObject({ namespace: 'dev-notes', name: 'login' });
    expect(readFileSync(file('dev-login'), 'utf8')).not.toMatch(/hunter2|lovelace/);
  });

  inFull('needs no stage where one has the secret alone', () => {
    expect(seal('x', 'token', 'value').code).toBe(0);
    expect(existsSync(file('dev-token'))).toBe(true);
  });

  inFull.each<[string, string, readonly string[], RegExp]>([
    [
      'which stage',
      'x',
      ['login', 'password'],
      /a sealed secret "login" in several stages\.\n.*-c with one of: dev, prod/,
    ],
    [
      'an unknown secret',
      'x',
      ['nothing', 'a'],
      /no sealed secret "nothing"\.\n.*login \(-c dev\), token \(-c dev\), login \(-c prod\)/,
    ],
    [
      'an unknown stage',
      'x',
      ['token', 'a', '-c', 'staging'],
      /has a stage "staging"\.\n.*one of: dev, prod/,
    ],
    ['no value', '', ['token', 'value'], /There is no value for "value"/],
    ['a key that is none', 'x', ['token', 'a b'], /"a b" cannot be a key of a Secret/],
    ['a file that is not there', 'x', ['token', 'a', '--from-file', 'none'], /There is no file none/],
    [
      'a value as an argument',
      'x',
      ['token', 'a', 'hunter2'],
      /expected: the value on standard input, or in a file by `--from-file <file>`.*\n.*in the history of your shell/,
    ],
  ])('says one clear thing about %s', (_, input, args, message) => {
    const { code, stdout, stderr } = seal(input, ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at |hunter2/);
  });

  inFull(
    'without a certificate wants the cluster of a cloud to be named, and says when it is not there',
    () => {
      const unnamed = run('x', 'seal', 'notes', 'token', 'value');
      expect([unnamed.code, unnamed.stderr]).toEqual([
        1,
        expect.stringMatching(/the cluster by `--context <name>`[^]*by `--cert <file>`/),
      ]);
      const missing = run('x', 'seal', 'notes', 'token', 'value', '--context', 'sky');
      expect([missing.code, missing.stderr]).toEqual([
        1,
        expect.stringMatching(
          /There is no kubeconfig \S+kubeconfig\.[^]*`--kubeconfig <file>` and `--context <name>`, or seal .* `--cert <file>`/,
        ),
      ]);
    },
  );
});

describe('mlterra secret backup-keys', () => {
  inFull('wants a stage where there are several controllers, and a passphrase that keeps', () => {
    const args = ['backup-keys', 'notes', '--out', path.join(root, 'keys.age')];
    expect(run('long enough for this', ...args).stderr).toMatch(/a controller in several stages/);
    const { code, stderr } = run('short', ...args, '-c', 'dev', '--context', 'sky');
    expect([code, stderr]).toEqual([1, expect.stringContaining('There is no kubeconfig')]);
    expect(existsSync(path.join(root, 'keys.age'))).toBe(false);
  });
});
