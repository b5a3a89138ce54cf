import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Environment } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { listings, listingsOf, userPages } from './listings';
import { typeErrors } from './type-check';

const root = join(__dirname, '..', '..', '..');

describe('listingsOf', () => {
  it('finds what is marked ts, and where', () => {
    const page = [
      '# Page',
      '```sh',
      'ls',
      '```',
      'text',
      '```ts',
      'const a = 1;',
      '',
      'a;',
      '```',
      '```',
      'x',
      '```',
    ];
    expect(listingsOf('page.md', page.join('\n'))).toEqual([
      { where: 'page.md:7', source: 'const a = 1;\n\na;\n' },
    ]);
  });
});

describe('the documentation', () => {
  const all = listings(root);
  const folder =
    (mkdirSync(join(root, 'tmp'), { recursive: true }), mkdtempSync(join(root, 'tmp', 'listings-')));
  const files = all.map(({ source }, index) => {
    const file = join(folder, `listing-${index}.ts`);
    writeFileSync(file, source);
    return file;
  });
  // Listings of tests import it from beside them.
  copyFileSync(join(root, 'environments', 'quickstart', 'environment.ts'), join(folder, 'environment.ts'));

  afterAll(() => rmSync(folder, { recursive: true }));

  it('has listings to check', () => {
    expect(all.map(({ where }) => where.replace(/:\d+$/, ''))).toEqual(
      expect.arrayContaining([
        'docs/writing-an-environment.md',
        'modules/tools/mlflow/README.md',
        'modules/tools/postgresql/README.md',
        'packages/core/README.md',
        'packages/testing/README.md',
      ]),
    );
  });

  it('passes the type check', () => {
    const shown = (message: string): string =>
      message.replace(/^listing-(\d+)\.ts/, (_, index: string) => `${all[Number(index)]!.where}, line`);
    expect(typeErrors(root, files).map(shown)).toEqual([]);
  }, 60_000);

  it('notices a listing that does not pass', () => {
    const wrong = join(folder, 'wrong.ts');
    writeFileSync(wrong, "import { localState } from '@mlterra/core';\nlocalState({ folder: 'x' });\n");
    expect(typeErrors(root, [wrong])).toEqual([
      expect.stringMatching(/^wrong\.ts:2: .*'folder' does not exist in type 'LocalStateProps'/),
    ]);
  }, 60_000);

  it.each(
    all
      .map(({ where, source }, index) => [where, source, files[index]!] as const)
      .filter(([, source]) => source.includes('export default defineEnvironment')),
  )('synthesises the environment of %s', (_, __, file) => {
    const environment = jest.requireActual<{ readonly default: unknown }>(file).default;
    if (!Environment.isEnvironment(environment)) throw new Error('the default export is no environment');
    expect(Object.keys(synthEnvironment(environment)).length).toBeGreaterThan(0);
  });

  it('links to files that exist', () => {
    const broken = userPages(root).flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
