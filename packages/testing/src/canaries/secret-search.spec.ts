import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { secretsInFolder } from './folder-search';
import { SecretSearch } from './secret-search';

const CANARY = 'kA7vT2mQx9LrWz41+b/?&"€';
const KEY = `-----BEGIN KEY-----\nMIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t\nZq9y8\n-----END KEY-----\n`;

const search = new SecretSearch([
  { name: 'canary', value: CANARY },
  { name: 'key', value: KEY },
]);
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

/** A zip file with one member, as far as it is read. */
function zip(content: string): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(4, 26);
  return Buffer.concat([header, Buffer.from('plan'), deflateRawSync(content), Buffer.from('PK\u0001\u0002')]);
}

describe('a search for secrets finds one', () => {
  it.each([
    ['as it is', `password = ${CANARY}\n`],
    ['in JSON', JSON.stringify({ password: CANARY })],
    ['in JSON in JSON', JSON.stringify({ values: [JSON.stringify({ password: CANARY })] })],
    ['in a URL', `postgresql://user:${encodeURIComponent(CANARY)}@host/database`],
    ['in Base64', base64(CANARY)],
    ['in the Base64 of a login', `Basic ${base64(`admin:${CANARY}`)}`],
    ['in the Base64 of something that starts at another place', base64(`ab${CANARY}cd`)],
    ['in the Base64 of URLs', Buffer.from(`>>${CANARY}`).toString('base64url')],
    ['in gzip', gzipSync(`x ${CANARY}`)],
    ['in gzip in Base64, as user data is', `user-data: ${base64(gzipSync(`#cloud-config\n${CANARY}`))}`],
    ['in Base64 in gzip in Base64', base64(gzipSync(`content: ${base64(`password=${CANARY}`)}`))],
    ['in a zip file, as a saved plan is', zip(JSON.stringify({ after: CANARY }))],
  ])('%s', (_where, content) => {
    expect(search.in(content)).toEqual(['canary']);
  });

  it('by each line that it has', () => {
    expect(search.in(JSON.stringify({ key: KEY }))).toEqual(['key']);
    expect(search.in('  MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t')).toEqual(['key']);
  });
});

it.each([
  ['a part of it', CANARY.slice(0, -1)],
  ['another one', CANARY.toLowerCase()],
  ['a reference', '${random_password.canary.result}'],
  ['a marker of keys', '-----BEGIN KEY-----'],
  ['a checksum', base64(Buffer.alloc(32, 0xfe))],
  ['a broken archive', Buffer.concat([gzipSync('x').subarray(0, 8), Buffer.from('PK\u0003\u0004')])],
])('is not misled by %s', (_what, content) => {
  expect(search.in(content)).toEqual([]);
});

it('does not search for what is too short to be told from chance', () => {
  expect(new SecretSearch([{ name: 'pin', value: '1234567' }]).size).toBe(0);
});

describe('a search in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-canaries-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('tells files where secrets are meant from leaks', () => {
    mkdirSync(join(folder, 'state'));
    mkdirSync(join(folder, '.logs'));
    writeFileSync(join(folder, 'state/dev.tfstate'), CANARY);
    writeFileSync(join(folder, '.logs/apply.log'), `${CANARY} ${KEY}`);
    writeFileSync(join(folder, 'clean.json'), '{}');
    symlinkSync(folder, join(folder, 'loop'));
    expect(secretsInFolder(folder, search, (file) => file.startsWith('state/'))).toEqual({
      leaks: [{ file: '.logs/apply.log', secrets: ['canary', 'key'] }],
      meant: ['state/dev.tfstate'],
      files: 3,
    });
  });
});
