import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  catalogue,
  catalogueCautions,
  catalogueTable,
  imageName,
  type CatalogueEntry,
} from '@mlterra/catalogue';

const root = join(__dirname, '..', '..', '..');
const entries: readonly CatalogueEntry[] = Object.values(catalogue);

describe('the page about the catalogue', () => {
  const page = readFileSync(join(root, 'docs/catalogue.md'), 'utf8');

  it('shows every entry as it is', () => {
    expect(page.split('\n').filter((line) => line.startsWith('|'))).toEqual(
      catalogueTable(catalogue).split('\n'),
    );
  });

  it('says what to know', () => {
    for (const caution of catalogueCautions(catalogue)) expect(page.split('\n')).toContain(caution);
  });
});

/** What a source names that only the catalogue may name, e.g. an image with its tag. */
function releasesIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const images = code.matchAll(
    /\b(?:docker\.io|ghcr\.io|quay\.io|gcr\.io|registry\.k8s\.io|public\.ecr\.aws)\/[\w./-]+:[\w.-]+/g,
  );
  const charts = code.matchAll(/(?:oci:\/\/|https:\/\/charts\.|https:\/\/[\w.-]+\.github\.io\/)[\w./-]+/g);
  return [...images, ...charts].map(([found]) => found);
}

describe('sources of modules', () => {
  const catalogued = new Set([
    ...entries.flatMap(({ images = {} }) => Object.values(images).map(imageName)),
    ...entries.flatMap(({ chart }) => (chart === undefined ? [] : [chart.repository])),
  ]);
  /** The program of a tool, of which there is no entry: kind's registry of this machine. */
  const OWN = ['modules/providers/kind/src/kind-registry.ts docker.io/library/registry:3.0.0'];

  it('name no release that the catalogue does not name', () => {
    const files = execFileSync(
      'git',
      [
        'ls-files',
        '--cached',
        '--others',
        '--exclude-standard',
        'modules/*.ts',
        'packages/*.ts',
        'environments/*.ts',
      ],
      { cwd: root, encoding: 'utf8' },
    )
      .trim()
      .split('\n')
      .filter((file) => !/\.(spec|e2e)\.ts$|\/testing\/|\/e2e\/|^modules\/catalogue\//.test(file));
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((file) =>
      releasesIn(readFileSync(join(root, file), 'utf8'))
        .filter((release) => !catalogued.has(release))
        .map((release) => `${file} ${release}`),
    );
    expect(found).toEqual(OWN);
  });

  it('would be seen', () => {
    expect(releasesIn("const IMAGE = 'docker.io/library/postgres:17.1';\n// ghcr.io/a/b:1\n")).toEqual([
      'docker.io/library/postgres:17.1',
    ]);
    expect(releasesIn("repository: 'oci://ghcr.io/a/charts'")).toEqual(['oci://ghcr.io/a/charts']);
  });
});
