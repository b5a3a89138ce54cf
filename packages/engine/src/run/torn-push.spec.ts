import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtinEnvironment, Fixture } from '../testing/fixture';

/**
 * Terraform stores the mark of a run, as all of a local state, in place, with the state from before in a backup. A kill in the
 * middle leaves an empty state or a part of one.
 */
describe('an engine that is killed while it stores the mark of a run', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  /** Terraform, whose push of this number empties the state and ends as one that is killed. */
  function tearing(
    name: string,
    nth: number,
    end = 'kill -9 $$',
  ): { readonly engine: string; readonly hasTorn: () => boolean } {
    const folder = path.join(fixture.root, `engine-${name}`);
    mkdirSync(folder);
    const [count, torn] = ['count', 'torn'].map((file) => path.join(folder, file)) as [string, string];
    const state = fixture.stateFile(`${name}/dev/a`);
    const engine = path.join(folder, 'terraform');
    writeFileSync(
      engine,
      `#!/bin/sh
if [ "$1 $2" = 'state push' ]; then
  echo x >> '${count}'
  if [ "$(wc -l < '${count}')" -eq ${nth} ]; then
    [ -s '${state}' ] && cp '${state}' '${state}.backup'
    : > '${state}'
    : > '${torn}'
    ${end}
  fi
fi
exec terraform "$@"
`,
    );
    chmodSync(engine, 0o755);
    return { engine, hasTorn: () => existsSync(torn) };
  }

  const define = (name: string, version: string, command = 'true'): void =>
    void fixture.environment(name, builtinEnvironment(name, { dev: { a: { input: { version }, command } } }));
  const apply = (name: string, engine?: string) =>
    fixture.run('apply', name, engine === undefined ? {} : { engine });
  const versionIn = (name: string): unknown => {
    const [resource] = fixture.state(`${name}/dev/a`).resources.filter(({ name: one }) => one === 'R');
    return JSON.stringify(resource).match(/"version":"([^"]+)"/)?.[1];
  };

  it('does what this spec says', async () => {
    define('real', '1');
    await apply('real');
    const state = fixture.stateFile('real/dev/a');
    rmSync(`${state}.backup`, { force: true });
    const before = readFileSync(state, 'utf8');
    define('real', '2');
    await apply('real');
    // The push of the mark made it, before the apply.
    expect(readFileSync(`${state}.backup`, 'utf8')).not.toBe('');
    expect(JSON.parse(readFileSync(`${state}.backup`, 'utf8'))).toMatchObject({
      lineage: (JSON.parse(before) as { lineage: string }).lineage,
    });
  }, 60_000);

  it.each([
    ['a first apply', 1, false],
    ['a change', 1, true],
  ])(
    'loses nothing of %s',
    async (what, nth, isApplied) => {
      const name = what.replaceAll(' ', '-');
      if (isApplied) {
        define(name, '1');
        await apply(name);
        define(name, '2');
      } else define(name, '2');
      const { engine, hasTorn } = tearing(name, nth);
      const killed = await apply(name, engine);
      expect(hasTorn()).toBe(true);
      expect(killed.stacks[0]).toMatchObject({ status: 'failed', error: { code: 'engine-killed' } });

      const resumed = await apply(name);
      expect(resumed.error).toBeUndefined();
      expect(resumed.stacks[0]).toMatchObject({ status: 'applied' });
      expect(versionIn(name)).toBe('2');
      expect((await apply(name)).stacks[0]).toMatchObject({ status: 'unchanged' });
    },
    60_000,
  );

  it('loses nothing where it has no room for it either', async () => {
    // Seen on a small file system: the backup is whole, the state is cut off, and Terraform ends with an error.
    const name = 'full-disk';
    define(name, '1');
    await apply(name);
    define(name, '2');
    const { engine, hasTorn } = tearing(
      name,
      1,
      'echo "Failed to write state: no space left on device" >&2; exit 1',
    );
    expect((await apply(name, engine)).stacks[0]).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('no space left on device') },
    });
    expect(hasTorn()).toBe(true);
    const resumed = await apply(name);
    expect(resumed.stacks.map(({ status, error }) => [status, error])).toEqual([['applied', undefined]]);
    expect(versionIn(name)).toBe('2');
  }, 60_000);

  it.each([
    ['a first apply that failed', false],
    ['a change that failed', true],
  ])(
    'loses nothing of %s',
    async (what, isApplied) => {
      const name = what.replaceAll(' ', '-');
      if (isApplied) {
        define(name, '1');
        await apply(name);
      }
      define(name, '2', 'exit 7');
      const { engine, hasTorn } = tearing(name, 2);
      const failed = await apply(name, engine);
      expect(failed.stacks[0]).toMatchObject({ status: 'failed', error: { code: 'engine-failed' } });
      expect(hasTorn()).toBe(true);

      define(name, '2');
      const resumed = await apply(name);
      expect(resumed.stacks.map(({ status, error }) => [status, error])).toEqual([['applied', undefined]]);
      expect(versionIn(name)).toBe('2');
      expect((await apply(name)).stacks[0]).toMatchObject({ status: 'unchanged' });
    },
    60_000,
  );
});
