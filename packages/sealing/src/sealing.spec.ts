import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstreamProgram, upstreamProgramPath } from '@mlterra/testbed';
import { parse, stringify } from 'yaml';
import {
  readSealedFile,
  readSealedFileFor,
  sealingKey,
  sealValue,
  writeSealedFile,
  type SealedFor,
} from './index';
import { makeKeyPair, type KeyPair } from './testing/key-pair';

/** Building kubeseal takes half a minute: once it is built the tests are part of every run. */
const isBuilt = existsSync(upstreamProgramPath('kubeseal'));
const withKubeseal = isBuilt || process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

const LOGIN: SealedFor = { namespace: 'dev-tool', name: 'login' };

let folder: string;
let pair: KeyPair;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-sealing-'));
  pair = makeKeyPair(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  file = join(mkdtempSync(join(folder, 'file-')), 'secrets', 'login.sealed.yaml');
});

const seal = (value: string | Buffer, recipient = LOGIN): string =>
  sealValue(sealingKey(pair.certificate, 'test'), recipient, Buffer.from(value));
const write = (values: Record<string, string | Buffer>, recipient = LOGIN): void =>
  writeSealedFile(
    file,
    recipient,
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, seal(value, recipient)])),
  );
/** Changes a file that is as it should be. */
function spoil(change: (object: ReturnType<typeof JSON.parse>) => unknown): void {
  write({ password: 'secret' });
  const object = parse(readFileSync(file, 'utf8'));
  writeFileSync(file, stringify(change(object) ?? object));
}

withKubeseal('kubeseal and we', () => {
  let program: string;
  beforeAll(async () => (program = await upstreamProgram('kubeseal')), 600_000);

  const kubeseal = (input: string | Buffer, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, [...args], { input, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  /** What kubeseal makes of the file, with the key of the controller. */
  const opened = (): Record<string, Buffer> => {
    const { status, stdout, stderr } = kubeseal(
      readFileSync(file),
      ...['--recovery-unseal', '--recovery-private-key', pair.privateKeyFile],
    );
    if (status !== 0) throw new Error(stderr);
    const { data } = JSON.parse(stdout) as { data: Record<string, string> };
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
    );
  };

  it('opens what we seal, byte for byte: texts, bytes, and values of any length', () => {
    const values = {
      text: 'pässwörd ${HOME} %{if} {{ .Values }} "\\\n',
      bytes: randomBytes(3000),
      short: 'x',
      'a.key_in-file': randomBytes(32),
    };
    write(values);
    expect(opened()).toEqual(
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)])),
    );
  });

  it('does not open it under another name, in another namespace', () => {
    write({ password: 'secret' });
    for (const change of [
      (text: string) => text.replaceAll('login', 'other'),
      (text: string) => text.replaceAll('dev-tool', 'prod-tool'),
    ]) {
      const { status, stderr } = kubeseal(
        change(readFileSync(file, 'utf8')),
        ...['--recovery-unseal', '--recovery-private-key', pair.privateKeyFile],
      );
      expect([status, stderr]).toEqual([1, expect.stringContaining('no key could decrypt secret')]);
    }
  });

  it('writes files that we read, and add a key to', () => {
    const plain = { apiVersion: 'v1', kind: 'Secret', metadata: { ...LOGIN }, stringData: { user: 'ada' } };
    const { stdout } = kubeseal(
      JSON.stringify(plain),
      ...['--cert', pair.certificateFile, '--format', 'yaml'],
    );
    write({ other: 'x' });
    writeFileSync(file, stdout);
    expect(readSealedFileFor(file, LOGIN)).toMatchObject({ ...LOGIN, scope: 'strict' });
    write({ password: 'secret' });
    expect(opened()).toEqual({ user: Buffer.from('ada'), password: Buffer.from('secret') });
  });
});

describe('a sealed file', () => {
  it('is made with its folder, and takes one value after the other', () => {
    write({ user: 'ada' });
    const [{ user }, before] = [readSealedFile(file).encryptedData, readSealedFile(file).version];
    writeFileSync(file, `# for the database\n${readFileSync(file, 'utf8')}`);
    write({ password: 'secret' });
    const { encryptedData, version, ...content } = readSealedFile(file);
    expect(Object.keys(encryptedData)).toEqual(['user', 'password']);
    expect(encryptedData.user).toBe(user);
    expect(version).not.toBe(before);
    expect(content).toMatchObject({ namespace: 'dev-tool', name: 'login', scope: 'strict' });
    expect(readFileSync(file, 'utf8')).toMatch(/^# for the database\n/);
  });

  it('never seals the same way twice, and holds nothing plain', () => {
    expect(seal('secret')).not.toBe(seal('secret'));
    write({ password: 'secret' });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('secret\n');
    expect(text).not.toContain(Buffer.from('secret').toString('base64'));
  });

  it('may be JSON', () => {
    file = file.replace(/yaml$/, 'json');
    write({ password: 'secret' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kind: 'SealedSecret' });
    expect(Object.keys(readSealedFile(file).encryptedData)).toEqual(['password']);
  });

  it.each<[string, (object: ReturnType<typeof JSON.parse>) => unknown, RegExp]>([
    [
      'a plain Secret',
      () => ({ apiVersion: 'v1', kind: 'Secret', metadata: LOGIN, stringData: { password: 'x' } }),
      /login\.sealed\.yaml holds a plain Secret: whoever reads git reads it/,
    ],
    ['plain data beside', (object) => void (object.data = { password: 'eA==' }), /holds a plain Secret/],
    [
      'plain data in its template',
      (object) => void (object.spec.template.data = { a: 'x' }),
      /holds a plain/,
    ],
    [
      'a plain value beside what it has',
      (object) => void (object.plain = 'secret'),
      /has a field `plain`, which a SealedSecret does not have/,
    ],
    [
      'a plain value beside its encrypted ones',
      (object) => void (object.spec.data = 'secret'),
      /has a field `spec\.data`/,
    ],
    [
      'a plain value in its template',
      (object) => void (object.spec.template.stringData = { a: 'x' }),
      /has a field `spec\.template\.stringData`/,
    ],
    [
      'another kind',
      (object) => void (object.kind = 'ConfigMap'),
      /sealed secret: it is a ConfigMap of bitnami/,
    ],
    ['no namespace', (object) => void delete object.metadata.namespace, /has no namespace or no name/],
    ['no values', (object) => void (object.spec.encryptedData = {}), /has no `spec\.encryptedData`/],
    [
      'a value that is only base64',
      (object) => void (object.spec.encryptedData.password = Buffer.from('secret').toString('base64')),
      /the value of "password" is not encrypted/,
    ],
    [
      'a value that is no text',
      (object) => void (object.spec.encryptedData.password = 7),
      /is not encrypted/,
    ],
    [
      'a key that is none',
      (object) => void (object.spec.encryptedData['a b'] = 'x'),
      /"a b" cannot be a key/,
    ],
    ['nothing', () => '', /it holds no object/],
  ])('is refused with %s', (_, change, message) => {
    spoil(change);
    expect(() => readSealedFile(file)).toThrow(message);
  });

  it('is refused when it is no YAML, or more than one object', () => {
    write({ password: 'secret' });
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}---\n${text}`);
    expect(() => readSealedFile(file)).toThrow(/it holds 2 objects/);
    writeFileSync(file, 'kind: "SealedSecret');
    expect(() => readSealedFile(file)).toThrow(/cannot be read as a sealed secret: Missing closing "quote/);
  });

  it('is refused where it is sealed for another Secret, and stays as it is', () => {
    write({ password: 'secret' });
    const before = readFileSync(file, 'utf8');
    expect(() => write({ password: 'x' }, { ...LOGIN, namespace: 'prod-tool' })).toThrow(
      /is sealed for dev-tool\/login, and cannot be opened as prod-tool\/login/,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('a certificate', () => {
  it('that has ended is refused, with the day', () => {
    const later = new Date(Date.now() + 3 * 86_400_000);
    expect(() => sealingKey(pair.certificate, 'the controller', later)).toThrow(
      /The certificate of the controller has ended on \d{4}-\d\d-\d\d/,
    );
  });

  it('of another kind, or none, is refused', () => {
    expect(() => sealingKey(makeKeyPair(folder, 'ec').certificate, 'ec.crt')).toThrow(
      /ec\.crt is no certificate that can be sealed with: its key is of the kind ec/,
    );
    expect(() => sealingKey('nothing', 'it')).toThrow(/it is no certificate.*: it is not PEM/);
    expect(() => sealingKey(readFileSync(pair.privateKeyFile, 'utf8'), 'a.key')).toThrow(
      /a\.key is no certificate that can be sealed with: it is a private key\./,
    );
    expect(() => sealingKey(pair.certificate.replace(/\n.{20}/, '\n'), 'a.crt')).toThrow(/: it is damaged\./);
  });
});
