import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstreamProgram, upstreamProgramPath } from '@mlterra/testbed';
import { readSealedFileFor, sealingKey, sealValue, writeSealedFile, type SealedFor } from './index';
import { makeKeyPair, type KeyPair } from './testing/key-pair';

/** Building kubeseal takes half a minute: once it is built the tests are part of every run. */
const isBuilt = existsSync(upstreamProgramPath('kubeseal'));
const withKubeseal = isBuilt || process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

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
