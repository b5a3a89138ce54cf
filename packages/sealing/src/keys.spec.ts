import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armor, Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { backUpKeys, restoreKeys } from './keys';
import { MemoryCluster, type StoredSecret } from './testing/memory-cluster';

const CONTROLLER = { namespace: 'dev-sealed', service: 'sealed-secrets' };
const KEY_LABELS = { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' };
const PODS = `DELETE /api/v1/namespaces/dev-sealed/pods?labelSelector=${encodeURIComponent(
  'app.kubernetes.io/name=sealed-secrets,app.kubernetes.io/instance=sealed-secrets',
)}`;

const key = (name: string, more: Partial<StoredSecret['metadata']> = {}): StoredSecret => ({
  type: 'kubernetes.io/tls',
  metadata: { name, namespace: 'dev-sealed', labels: KEY_LABELS, uid: `uid of ${name}`, ...more },
  data: { 'tls.crt': `crt of ${name}`, 'tls.key': `key of ${name}` },
});
const asRestored = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name, namespace: 'dev-sealed', labels: KEY_LABELS },
  data: { 'tls.crt': `crt of ${name}`, 'tls.key': `key of ${name}` },
});

let folder: string;
let file: string;
let identity: string;
let recipients: string[];

beforeAll(async () => {
  identity = await generateIdentity();
  recipients = [await identityToRecipient(identity)];
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-keys-'));
  file = join(folder, 'keys.age');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (path = file): string => (statSync(path).mode & 0o777).toString(8);
const decrypted = async (decrypter: Decrypter): Promise<unknown> =>
  JSON.parse(await decrypter.decrypt(armor.decode(readFileSync(file, 'utf8')), 'text'));
const opened = (): Promise<unknown> => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypted(decrypter);
};
/** An encrypted file of somebody else. */
async function encrypt(content: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipients[0]!);
  writeFileSync(file, armor.encode(await encrypter.encrypt(content)));
}
const backUp = (...names: readonly string[]): Promise<number> =>
  backUpKeys(new MemoryCluster(names.map((name) => key(name))), CONTROLLER, file, { recipients });
const restore = (cluster: MemoryCluster, controller = CONTROLLER) =>
  restoreKeys(cluster, controller, file, { identity });

describe('a backup of the keys', () => {
  it('holds all keys of the controller as kubectl takes them, and no other Secret', async () => {
    const cluster = new MemoryCluster([
      key('key-1'),
      key('login', { labels: { app: 'other' } }),
      key('key-2'),
      key('key-3', { namespace: 'prod-sealed' }),
      key('bare', { labels: undefined }),
    ]);
    await expect(backUpKeys(cluster, CONTROLLER, file, { recipients })).resolves.toBe(2);
    expect(await opened()).toEqual({
      apiVersion: 'v1',
      kind: 'List',
      items: [asRestored('key-1'), asRestored('key-2')],
    });
    expect(cluster.requests).toEqual([
      'GET /api/v1/namespaces/dev-sealed/secrets?labelSelector=sealedsecrets.bitnami.com%2Fsealed-secrets-key',
    ]);
  });

  it('is opened by each of its recipients, and by nobody else', async () => {
    const others = [await generateIdentity(), await generateIdentity()];
    await backUpKeys(new MemoryCluster([key('key-1')]), CONTROLLER, file, {
      recipients: [...recipients, await identityToRecipient(others[0]!)],
    });
    const openedBy = (whose: string) =>
      restoreKeys(new MemoryCluster(), CONTROLLER, file, { identity: whose });
    for (const whose of [identity, others[0]!]) {
      await expect(openedBy(whose)).resolves.toMatchObject({ restored: ['key-1'] });
    }
    await expect(openedBy(others[1]!)).rejects.toThrow(/keys\.age cannot be opened: /);
  });

  it('holds nothing plain', async () => {
    await backUp('key-1');
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(Buffer.from(armor.decode(text)).toString('latin1')).not.toMatch(/key-1|tls\.key/);
  });

  it.each([0o000, 0o022, 0o277])('is its owner’s alone under the umask %i', async (umask) => {
    const before = process.umask(umask);
    try {
      await backUp('key-1');
    } finally {
      process.umask(before);
    }
    expect(mode()).toBe('600');
  });

  it('is its owner’s alone where a file was that all read', async () => {
    writeFileSync(file, 'before');
    chmodSync(file, 0o666);
    await backUp('key-1');
    expect(mode()).toBe('600');
    expect(await opened()).toMatchObject({ items: [asRestored('key-1')] });
    expect(readdirSync(folder)).toEqual(['keys.age']);
  });

  it('is its owner’s alone before anything is in it', async () => {
    const write = fs.writeFileSync;
    const modes: string[] = [];
    const spy = jest.spyOn(fs, 'writeFileSync').mockImplementation((target, ...rest) => {
      const { mode: found } = typeof target === 'number' ? fs.fstatSync(target) : fs.statSync(String(target));
      modes.push((found & 0o777).toString(8));
      write(target, ...rest);
    });
    const before = process.umask(0);
    try {
      await backUp('key-1');
    } finally {
      process.umask(before);
      spy.mockRestore();
    }
    expect(modes).toEqual(['600']);
    expect(await opened()).toMatchObject({ items: [asRestored('key-1')] });
  });

  it('takes the place of a link, and leaves what that led to', async () => {
    const target = join(folder, 'public');
    writeFileSync(target, 'before');
    symlinkSync(target, file);
    await backUp('key-1');
    expect(readFileSync(target, 'utf8')).toBe('before');
    expect(mode()).toBe('600');
  });

  it('leaves no draft behind where it cannot be written', async () => {
    mkdirSync(join(file, 'folder'), { recursive: true });
    await expect(backUp('key-1')).rejects.toThrow(/keys\.age/);
    expect(readdirSync(folder)).toEqual(['keys.age']);
  });

  it.each<[string, readonly StoredSecret[], () => readonly string[], RegExp]>([
    ['no keys', [key('login', { labels: {} })], () => recipients, /"sealed-secrets" in .* has no keys/],
    [
      'what is no recipient',
      [key('key-1')],
      () => [...recipients, 'age1nobody'],
      /"age1nobody" is no recipient of age\./,
    ],
    ['no recipient', [key('key-1')], () => [], /There is no recipient: nobody could open the backup\./],
  ])('is not made of %s; the one before stays', async (_, secrets, given, message) => {
    writeFileSync(file, 'before');
    await expect(
      backUpKeys(new MemoryCluster([...secrets]), CONTROLLER, file, { recipients: given() }),
    ).rejects.toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe('before');
  });

  it('is not made where the namespace cannot be listed', async () => {
    const cluster = new MemoryCluster();
    cluster.get = () => Promise.resolve(undefined);
    await expect(backUpKeys(cluster, CONTROLLER, file, { recipients })).rejects.toThrow(/has no keys/);
    expect(existsSync(file)).toBe(false);
  });
});

describe('restoring the keys', () => {
  it('puts back those that are missing, leaves the others, then restarts the controller', async () => {
    await backUp('key-1', 'key-2', 'key-3');
    const newer = { ...key('key-2'), data: { 'tls.key': 'as it is' } };
    const cluster = new MemoryCluster([key('new-9'), newer]);
    await expect(restore(cluster)).resolves.toEqual({
      restored: ['key-1', 'key-3'],
      known: ['key-2', 'new-9'],
    });
    expect(cluster.posted).toEqual([
      ['/api/v1/namespaces/dev-sealed/secrets', asRestored('key-1')],
      ['/api/v1/namespaces/dev-sealed/secrets', asRestored('key-3')],
    ]);
    expect(cluster.secrets).toContain(newer);
    expect(cluster.requests.slice(1)).toEqual([
      'POST /api/v1/namespaces/dev-sealed/secrets',
      'POST /api/v1/namespaces/dev-sealed/secrets',
      PODS,
    ]);
  });

  it('restarts the controller of that name only', async () => {
    await backUp('key-1');
    const cluster = new MemoryCluster();
    await restore(cluster, { ...CONTROLLER, service: 'other' });
    expect(decodeURIComponent(cluster.requests.at(-1)!)).toBe(
      'DELETE /api/v1/namespaces/dev-sealed/pods?labelSelector=app.kubernetes.io/name=sealed-secrets,app.kubernetes.io/instance=other',
    );
  });

  it('restarts the controller also after a restore that was interrupted before it', async () => {
    await backUp('key-1', 'key-2');
    const cluster = new MemoryCluster();
    cluster.refusals = [{ request: 'DELETE ', status: 500, reason: 'later' }];
    await expect(restore(cluster)).rejects.toThrow(/500 later/);
    cluster.refusals = [];
    cluster.requests.length = 0;
    await expect(restore(cluster)).resolves.toEqual({ restored: [], known: ['key-1', 'key-2'] });
    expect(cluster.requests.slice(1)).toEqual([PODS]);
  });

  it('goes on after one that was interrupted between two keys', async () => {
    await backUp('key-1', 'key-2');
    const cluster = new MemoryCluster([key('key-1')]);
    await expect(restore(cluster)).resolves.toEqual({ restored: ['key-2'], known: ['key-1'] });
  });

  it('takes a passphrase', async () => {
    await backUpKeys(new MemoryCluster([key('key-1')]), CONTROLLER, file, { passphrase: 'correct horse' });
    await expect(restore(new MemoryCluster())).rejects.toThrow(/keys\.age cannot be opened: /);
    await expect(
      restoreKeys(new MemoryCluster(), CONTROLLER, file, { passphrase: 'correct horse' }),
    ).resolves.toEqual({ restored: ['key-1'], known: [] });
  });

  it('takes no other passphrase', async () => {
    const encrypter = new Encrypter();
    // Guessing is as fast as this test.
    encrypter.setScryptWorkFactor(4);
    encrypter.setPassphrase('correct horse');
    writeFileSync(file, armor.encode(await encrypter.encrypt(JSON.stringify({ items: [] }))));
    await expect(restoreKeys(new MemoryCluster(), CONTROLLER, file, { passphrase: 'wrong' })).rejects.toThrow(
      /keys\.age cannot be opened: /,
    );
  });

  it('refuses a backup in which any key is of another namespace, before it changes anything', async () => {
    const items = [
      asRestored('key-1'),
      { ...asRestored('key-2'), metadata: { name: 'key-2', namespace: 'b' } },
    ];
    await encrypt(JSON.stringify({ items }));
    const cluster = new MemoryCluster();
    await expect(restore(cluster)).rejects.toThrow(
      /keys\.age holds keys of the namespace "b"; the controller is in "dev-sealed"/,
    );
    expect(cluster.requests).toEqual([]);
  });

  it.each(['nothing', '{"kind":"List"}', 'null', '{"items":{}}'])(
    'refuses a file that holds %s',
    async (text) => {
      await encrypt(text);
      const cluster = new MemoryCluster();
      await expect(restore(cluster)).rejects.toThrow(/keys\.age cannot be opened: .*\n +expected: a file of/);
      expect(cluster.requests).toEqual([]);
    },
  );

  it('refuses a file that is not encrypted, or missing', async () => {
    await expect(restore(new MemoryCluster())).rejects.toThrow(/keys\.age cannot be opened: ENOENT/);
    writeFileSync(file, JSON.stringify({ items: [] }));
    await expect(restore(new MemoryCluster())).rejects.toThrow(/keys\.age cannot be opened: /);
  });
});
