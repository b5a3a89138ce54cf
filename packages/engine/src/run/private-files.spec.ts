/** @long */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { builtinEnvironment, Fixture, type FixtureStack } from '../testing/fixture';
import { WorkDir } from '../work/work-dir';

/** Mode of a file or folder, e.g. `600`. */
const mode = (place: string): string => (lstatSync(place).mode & 0o777).toString(8);
/** What others than the owner may do something with, below a folder. */
const open = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((place) => !lstatSync(place).isSymbolicLink() && (lstatSync(place).mode & 0o077) !== 0);

describe.each([
  ['000', 0o000],
  ['022', 0o022],
])('with the umask %s, files with secrets', (_, umask) => {
  const fixture = new Fixture();
  let before: number;
  beforeAll(() => (before = process.umask(umask)));
  afterAll(() => {
    process.umask(before);
    fixture.remove();
  });

  const seen = path.join(fixture.root, 'seen');
  /** Notes what others may read, from within an apply. */
  const spy = `find ../.. -not -type l \\( -name '*.tfstate*' -o -name saved.plan -o -name '*.tf.json' \\) -printf '%m %f\\n' >> ${seen}`;
  const define = (name: string, stack: FixtureStack, backend = 'localState()'): void => {
    fixture.environment(
      name,
      builtinEnvironment(name, { dev: { a: stack, b: { input: { x: 'b' } } } }, { backend }),
    );
  };
  const apply = async (name: string): Promise<void> => {
    const result = await fixture.run('apply', name);
    expect(result.stacks.map(({ status }) => status)).not.toContain('failed');
    expect(result.error).toBeUndefined();
  };

  it('are the owner’s alone from their first byte on', async () => {
    define('fresh', { input: { x: '1' }, command: spy });
    await apply('fresh');
    const own = path.join(fixture.dir('fresh'), '.mlterra');
    expect([own, path.join(own, 'state'), path.join(own, 'stacks', 'dev-a')].map(mode)).toEqual([
      '700',
      '700',
      '700',
    ]);
    expect(open(path.join(own, 'state'))).toEqual([]);
    expect(mode(fixture.stateFile('fresh/dev/a'))).toBe('600');
    // Its second apply writes a backup, too.
    define('fresh', { input: { x: '2' }, command: `${spy}; true` });
    await apply('fresh');
    expect(open(path.join(own, 'state'))).toEqual([]);
    const lines = readFileSync(seen, 'utf8').trim().split('\n');
    for (const name of [
      'a.tfstate',
      'a.tfstate.backup',
      '.a.tfstate.lock.info',
      'saved.plan',
      'cdk.tf.json',
      'mlterra.tf.json',
    ])
      expect(lines).toContain(`600 ${name}`);
    expect(lines.filter((line) => !line.startsWith('600 '))).toEqual([]);
    expect(JSON.parse(readFileSync(`${fixture.stateFile('fresh/dev/a')}.backup`, 'utf8'))).toMatchObject({
      version: 4,
    });
  }, 60_000);

  it('are closed to others where they were open', async () => {
    define('older', { input: { x: '1' } });
    await apply('older');
    const own = path.join(fixture.dir('older'), '.mlterra');
    const state = fixture.stateFile('older/dev/a');
    const removed = path.join(path.dirname(state), 'removed.tfstate');
    for (const file of [`${state}.backup`, path.join(path.dirname(state), '.a.tfstate.lock.info'), removed])
      writeFileSync(file, readFileSync(state));
    for (const place of [
      own,
      ...readdirSync(own, { recursive: true, encoding: 'utf8' }).map((name) => path.join(own, name)),
    ])
      if (!lstatSync(place).isSymbolicLink())
        chmodSync(place, lstatSync(place).isDirectory() ? 0o755 : 0o644);
    await fixture.run('output', 'older');
    expect(mode(own)).toBe('700');
    expect(open(path.join(own, 'state', 'older'))).toEqual([]);
    expect(existsSync(removed)).toBe(true);
  }, 60_000);

  it('are closed in a folder that the user chose, which keeps its mode', async () => {
    const chosen = path.join(fixture.root, 'chosen');
    mkdirSync(chosen);
    chmodSync(chosen, 0o755);
    writeFileSync(path.join(chosen, 'readme'), '');
    chmodSync(path.join(chosen, 'readme'), 0o644);
    define('shared', { input: { x: '1' } }, `localState({ directory: '../../chosen' })`);
    await apply('shared');
    expect([chosen, path.join(chosen, 'readme')].map(mode)).toEqual(['755', '644']);
    expect(
      ['shared', 'shared/dev', 'shared/dev/a.tfstate'].map((name) => mode(path.join(chosen, name))),
    ).toEqual(['700', '700', '600']);
  }, 60_000);

  it('are closed in a folder that is made for them', async () => {
    define('made', { input: { x: '1' } }, `localState({ directory: '../../made/states' })`);
    await apply('made');
    const made = path.join(fixture.root, 'made');
    expect([made, path.join(made, 'states')].map(mode)).toEqual(['700', '700']);
    expect(open(made)).toEqual([]);
  }, 60_000);

  it('lie where a link leads, and the folder there keeps its mode', async () => {
    const target = path.join(fixture.root, 'target');
    mkdirSync(target);
    chmodSync(target, 0o755);
    define('linked', { input: { x: '1' }, outputs: { host: 'h' } }, `localState({ directory: 'states' })`);
    symlinkSync(target, path.join(fixture.dir('linked'), 'states'));
    await apply('linked');
    expect(mode(target)).toBe('755');
    expect(mode(path.join(target, 'linked/dev/a.tfstate'))).toBe('600');
    const again = await fixture.run('apply', 'linked');
    expect(again.stacks.map(({ status }) => status)).toEqual(['unchanged', 'unchanged']);
  }, 60_000);

  it('are closed where synth leaves them', async () => {
    define('shown', { input: { x: '1' } });
    await fixture.run('synth', 'shown');
    const outdir = path.join(fixture.dir('shown'), 'cdktf.out');
    expect(mode(outdir)).toBe('700');
    expect(open(outdir)).toEqual([]);
    expect(mode(path.join(outdir, 'stacks', 'dev-a', 'cdk.tf.json'))).toBe('600');
  });

  it('are closed where Terraform could not save a state', () => {
    const dir = new WorkDir(fixture.dir('errored'), 'dev-a');
    dir.write({ configText: '{}', assets: [] });
    writeFileSync(path.join(dir.path, 'errored.tfstate'), '{}');
    dir.close();
    expect(mode(dir.erroredState!)).toBe('600');
    chmodSync(dir.erroredState!, 0o644);
    dir.write({ configText: '{}', assets: [] });
    expect(mode(dir.erroredState!)).toBe('600');
  });

  it('follow no link out of their folder', async () => {
    const outside = path.join(fixture.root, 'outside');
    writeFileSync(outside, '');
    chmodSync(outside, 0o644);
    define('link', { input: { x: '1' } });
    await apply('link');
    symlinkSync(outside, path.join(path.dirname(fixture.stateFile('link/dev/a')), 'x.tfstate'));
    await fixture.run('output', 'link');
    expect(mode(outside)).toBe('644');
  }, 60_000);
});

/** Only root can become somebody else. */
const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

itAsRoot(
  'another user cannot read a state',
  async () => {
    const fixture = new Fixture();
    const before = process.umask(0);
    try {
      chmodSync(fixture.root, 0o755);
      fixture.environment(
        'mine',
        builtinEnvironment('mine', { dev: { a: { outputs: { host: 'secret' } } } }),
      );
      await fixture.run('apply', 'mine');
      const state = fixture.stateFile('mine/dev/a');
      const other = spawnSync('cat', [state], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
      expect(other).toMatchObject({ stdout: '', stderr: expect.stringMatching(/Permission denied/) });
    } finally {
      process.umask(before);
      fixture.remove();
    }
  },
  60_000,
);
