import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import {
  readSealedFile,
  sealingKey,
  sealValue,
  writeSealedFile,
  type SealedFor,
  type SealingScope,
} from './index';
import { makeKeyPair, type KeyPair } from './testing/key-pair';

const LOGIN: SealedFor = { namespace: 'dev-tool', name: 'login' };

let folder: string;
let pair: KeyPair;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-sealing-'));
  pair = makeKeyPair(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let file: string;
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
