import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

type Filter = (paths: readonly string[]) => Promise<{ readonly filtered: readonly string[] }>;

const TOOLS = join(__dirname, '../..');

describe('a run without all tests', () => {
  const root = mkdtempSync(join(tmpdir(), 'mlterra-long-'));
  const filter = jest.requireActual<Filter>(join(TOOLS, 'long-specs.js'));
  const given = process.env.MLTERRA_TEST_SEED;

  afterAll(() => {
    rmSync(root, { recursive: true });
    if (given === undefined) delete process.env.MLTERRA_TEST_SEED;
    else process.env.MLTERRA_TEST_SEED = given;
  });

  const spec = (name: string, text: string): string => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const short = [
    spec('one/src/short.spec.ts', "it('is', () => {});"),
    spec('one/src/deep/mentions.spec.ts', '// not /** @long */\n'),
  ];
  const long = Array.from({ length: 9 }, (_, index) =>
    spec(`one/src/long-${index}.spec.ts`, '/** @long Starts Terraform. */\n'),
  );
  const only = spec('two/src/only.spec.ts', '/** @long */\n');
  const all = [long[0]!, short[0]!, ...long.slice(1), only, short[1]!];

  const drawn = async (seed: number): Promise<readonly string[]> => {
    process.env.MLTERRA_TEST_SEED = String(seed);
    return (await filter(all)).filtered;
  };

  it('has every short spec, and of the long ones of a package one in four, at least one', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const paths = await drawn(seed);
      expect(paths.filter((path) => short.includes(path))).toEqual(short);
      expect(paths.filter((path) => long.includes(path))).toHaveLength(3);
      expect(paths).toContain(only);
      expect(paths).toEqual(all.filter((path) => paths.includes(path)));
    }
  });

  it('has the same ones for the same seed, and each of them for some', async () => {
    expect(await drawn(7)).toEqual(await drawn(7));
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) for (const path of await drawn(seed)) seen.add(basename(path));
    expect(seen.size).toBe(all.length);
  });
});
