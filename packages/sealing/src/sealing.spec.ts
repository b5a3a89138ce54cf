import { spawnSync } from 'node:child_process';
import { constants, createDecipheriv, privateDecrypt, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  type SealingScope,
} from './index';
import { isSealedValue } from './seal-value';
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

  it('is written for review: no line of a value is broken, its folder and file are read by all', () => {
    write({ password: randomBytes(300) });
    const { password } = readSealedFile(file).encryptedData;
    expect(readFileSync(file, 'utf8')).toBe(
      [
        'apiVersion: bitnami.com/v1alpha1',
        'kind: SealedSecret',
        'metadata:',
        '  name: login',
        '  namespace: dev-tool',
        'spec:',
        '  encryptedData:',
        `    password: ${password}`,
        '  template:',
        '    metadata:',
        '      name: login',
        '      namespace: dev-tool',
        '',
      ].join('\n'),
    );
    expect((statSync(file).mode & 0o777).toString(8)).toBe('644');
    expect(readdirSync(join(file, '..'))).toEqual(['login.sealed.yaml']);
  });

  it('is not written with a key that is none, among others', () => {
    expect(() => write({ user: 'ada', 'a b': 'x' })).toThrow(/"a b" cannot be a key/);
    expect(existsSync(file)).toBe(false);
  });

  it('may have a status, and no annotations', () => {
    spoil((object) => {
      object.metadata.annotations = null;
      object.status = { observedGeneration: 1, conditions: [] };
      object.spec.template = { type: 'Opaque', immutable: true, metadata: {}, data: {} };
    });
    expect(readSealedFile(file)).toMatchObject({
      scope: 'strict',
      annotations: {},
      template: { type: 'Opaque', immutable: true },
    });
    spoil((object) => void delete object.spec.template);
    expect(readSealedFile(file).template).toEqual({});
  });

  it.each<[SealingScope, Record<string, string>]>([
    ['strict', { other: 'true' }],
    ['strict', { 'sealedsecrets.bitnami.com/namespace-wide': 'false' }],
    ['namespace-wide', { other: 'true', 'sealedsecrets.bitnami.com/namespace-wide': 'true' }],
    ['cluster-wide', { 'sealedsecrets.bitnami.com/cluster-wide': 'true' }],
    [
      'cluster-wide',
      {
        'sealedsecrets.bitnami.com/namespace-wide': 'true',
        'sealedsecrets.bitnami.com/cluster-wide': 'true',
      },
    ],
  ])('is %s with the annotations %j', (scope, annotations) => {
    spoil((object) => void (object.metadata.annotations = annotations));
    expect(readSealedFile(file)).toMatchObject({ scope, annotations });
  });

  it('has a version that says its keys and values, in whatever order', () => {
    write({ user: 'ada', password: 'secret' });
    const { version, encryptedData } = readSealedFile(file);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    const versionWith = (data: Readonly<Record<string, string>>): string => {
      const object = parse(readFileSync(file, 'utf8'));
      writeFileSync(file, stringify({ ...object, spec: { ...object.spec, encryptedData: data } }));
      return readSealedFile(file).version;
    };
    const { user, password } = encryptedData as { user: string; password: string };
    expect(versionWith({ password, user })).toBe(version);
    expect(versionWith({ password: user, user: password })).not.toBe(version);
    expect(versionWith({ user, word: password })).not.toBe(version);
    expect(versionWith({ user })).not.toBe(version);
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
    ['plain text beside', (object) => void (object.stringData = { password: 'x' }), /holds a plain Secret/],
    [
      'a plain Secret that has no values yet',
      () => ({ apiVersion: 'v1', kind: 'Secret', metadata: LOGIN }),
      /holds a plain Secret/,
    ],
    [
      'another version',
      (object) => void (object.apiVersion = 'bitnami.com/v2'),
      /sealed secret: it is a SealedSecret of bitnami\.com\/v2\./,
    ],
    ['no name', (object) => void delete object.metadata.name, /has no namespace or no name/],
    ['no metadata', (object) => void delete object.metadata, /has no namespace or no name/],
    ['no spec', (object) => void delete object.spec, /has no `spec\.encryptedData`/],
    [
      'values that are a text',
      (object) => void (object.spec.encryptedData = 'x'),
      /no `spec\.encryptedData`/,
    ],
    ['values that are null', (object) => void (object.spec.encryptedData = null), /no `spec\.encryptedData`/],
    [
      'a plain value in its status',
      (object) => void (object.status = { observedGeneration: 1, plain: 'secret' }),
      /has a field `status\.plain`/,
    ],
    [
      'one plain value among sealed ones',
      (object) => void (object.spec.encryptedData.second = 'c2VjcmV0'),
      /the value of "second" is not encrypted/,
    ],
    [
      'one key among others that is none',
      (object) => void (object.spec.encryptedData['a/b'] = object.spec.encryptedData.password),
      /"a\/b" cannot be a key/,
    ],
    ['null', () => 'null\n', /it holds no object/],
    ['a list', () => [], /it holds no object/],
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

describe('a sealed value', () => {
  /** Of what a sealed value begins with: the length of the key, in two bytes; then as many as are given. */
  const shaped = (keyLength: number, more: number): string =>
    Buffer.concat([Buffer.from([keyLength >> 8, keyLength & 0xff]), Buffer.alloc(more, 7)]).toString(
      'base64',
    );

  it.each<[string, string]>([
    ['of 2048 bits', shaped(256, 256 + 16)],
    ['of 16384 bits', shaped(2048, 2048 + 16)],
    ['with a value', shaped(512, 512 + 16 + 100)],
  ])('is one with a key %s', (_, text) => expect(isSealedValue(text)).toBe(true));

  it.each<[string, string]>([
    ['nothing', ''],
    ['one byte', 'AQ=='],
    ['two bytes', 'AQA='],
    ['a key that is too short', shaped(255, 300)],
    ['a key that is too long', shaped(2049, 3000)],
    ['a value that is cut off', shaped(256, 256 + 15)],
    ['a long text in base64', Buffer.alloc(100_000, 'a').toString('base64')],
    ['a line more', `${shaped(256, 300)}\n`],
    ['something before', `-${shaped(256, 300)}`],
    ['something behind', `${shaped(256, 300)}-`],
    ['base64 for addresses', shaped(256, 300).replace('B', '_')],
  ])('is not one: %s', (_, text) => expect(isSealedValue(text)).toBe(false));
});

/** What the controller does: kubeseal has its own test of it, where it is built. */
function openSealed(text: string, label: string): string {
  const bytes = Buffer.from(text, 'base64');
  const keyEnd = 2 + bytes.readUInt16BE();
  const sessionKey = privateDecrypt(
    {
      key: readFileSync(pair.privateKeyFile),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(label),
    },
    bytes.subarray(2, keyEnd),
  );
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(keyEnd, -16)), decipher.final()]).toString();
}

describe('sealing', () => {
  it.each<[SealingScope | undefined, string]>([
    [undefined, 'dev-tool/login'],
    ['strict', 'dev-tool/login'],
    ['namespace-wide', 'dev-tool'],
    ['cluster-wide', ''],
  ])('in the scope %s opens for its name or namespace, or for all', (scope, label) => {
    const sealed = seal('secret', scope === undefined ? LOGIN : { ...LOGIN, scope });
    expect(isSealedValue(sealed)).toBe(true);
    expect(openSealed(sealed, label)).toBe('secret');
    for (const other of ['dev-tool/login', 'dev-tool', '', 'login', 'prod-tool/login']) {
      if (other !== label) expect(() => openSealed(sealed, other)).toThrow();
    }
  });
});

describe('a certificate', () => {
  it('that has ended is refused, with the day', () => {
    const later = new Date(Date.now() + 3 * 86_400_000);
    expect(() => sealingKey(pair.certificate, 'the controller', later)).toThrow(
      /The certificate of the controller has ended on \d{4}-\d\d-\d\d/,
    );
  });

  it('is good until the second of its end, and refused after it', () => {
    const end = new Date(new X509Certificate(pair.certificate).validTo);
    expect(sealingKey(pair.certificate, 'it', end).asymmetricKeyType).toBe('rsa');
    expect(() => sealingKey(pair.certificate, 'it', new Date(end.getTime() + 1))).toThrow(
      new RegExp(`The certificate of it has ended on ${end.toISOString().slice(0, 10)}\\.`),
    );
  });

  it('is the first of several', () => {
    const other = makeKeyPair(folder, 'rsa:3072').certificate;
    const modulus = (pem: string) => sealingKey(pem, 'it').export({ format: 'jwk' }).n;
    expect(modulus(`${other}${pair.certificate}`)).toBe(modulus(other));
    expect(modulus(`${pair.certificate}${other}`)).toBe(modulus(pair.certificate));
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
    const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
    expect(() => sealingKey(request, 'it')).toThrow(/: it begins with CERTIFICATE REQUEST\./);
    const key = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    expect(() => sealingKey(key, 'it')).toThrow(/: it is a private key\./);
  });
});
