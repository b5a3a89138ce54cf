import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planOf } from './plan';

describe('planOf', () => {
  const plan = (full: boolean) => planOf(join(__dirname, '../../..'), '/reports', { full, seed: 42 });
  const { first, rows, last } = plan(false);

  it('compiles before all else, and runs the end-to-end tests beside the others', () => {
    expect(first.map(({ name }) => name)).toEqual(['build', 'graph']);
    expect(rows.map((row) => row.map(({ name }) => name))).toEqual([
      ['jest'],
      ['jest testbed', 'e2e docker', 'e2e k3s'],
      ['e2e quickstart', 'typecheck', 'eslint', 'format:check'],
    ]);
  });

  it('measures coverage with all tests only, and leaves long specs out without them only', () => {
    const jest = ({ rows: [checks] }: ReturnType<typeof planOf>) =>
      checks!.find(({ name }) => name === 'jest')!;
    const filter = expect.stringMatching(/^--filter=.*tools\/long-specs\.js$/);
    expect(jest(plan(false)).command).not.toContain('--coverage');
    expect(jest(plan(false)).command).toContainEqual(filter);
    expect(jest(plan(true)).command).toContain('--coverage');
    expect(jest(plan(true)).command).not.toContainEqual(filter);
    expect(jest(plan(false)).command).toContain('--seed=42');
  });

  it('looks for mutants that survive with all tests only', () => {
    const names = ({ rows: all }: ReturnType<typeof planOf>) => all.flat().map(({ name }) => name);
    expect(names(plan(false))).not.toContain('mutants');
    expect(names(plan(true))).toContain('mutants');
    const { command } = plan(true)
      .rows.flat()
      .find(({ name }) => name === 'mutants')!;
    expect(command).toEqual(
      expect.arrayContaining([
        '--seed=42',
        expect.stringMatching(/^--packages=\d+$/),
        expect.stringMatching(/^--sample=\d+$/),
      ]),
    );
  });

  it('runs every end-to-end test with all tests, and what repeats another only then', () => {
    const endToEnd = ({ rows: all }: ReturnType<typeof planOf>) =>
      all.flatMap((row) => row.map(({ name }) => name)).filter((name) => name.startsWith('e2e '));
    expect(endToEnd(plan(true)).sort()).toEqual(['e2e docker', 'e2e k3s', 'e2e kind', 'e2e quickstart']);
    expect(endToEnd(plan(false)).sort()).toEqual(['e2e docker', 'e2e k3s', 'e2e quickstart']);
  });

  it('runs the life of an environment each time, and what else is tested end to end with all tests', () => {
    const ofK3s = ({ rows: all }: ReturnType<typeof planOf>) =>
      all.flat().find(({ name }) => name === 'e2e k3s')!.command;
    const life = ofK3s(plan(false)).at(-1)!;
    expect('environments/k3s/e2e/k3s.e2e.ts').toMatch(new RegExp(life));
    expect('environments/k3s/e2e/another.e2e.ts').not.toMatch(new RegExp(life));
    expect(ofK3s(plan(true))).not.toContain(life);
  });

  it('compares the support matrix with what all tests proved, at the end', () => {
    const [, binary, ...args] = last.command;
    expect(existsSync(binary!)).toBe(true);
    expect(args).toEqual(['matrix', '--check']);
  });
});
