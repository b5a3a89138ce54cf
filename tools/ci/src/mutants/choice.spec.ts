import { join } from 'node:path';
import { chosen } from './chosen';
import { findPackage, packagesOf, readSettings } from './settings';
import { slowSpecs } from './slow-specs';
import { sourcesOf } from './sources';

const ROOT = join(__dirname, '../../../..');

describe('what is mutated', () => {
  const settings = readSettings(ROOT);

  it('is a package, found by folder, last part of it, or name', () => {
    for (const wanted of ['packages/core', './packages/core/', 'core', '@mlterra/core']) {
      expect(findPackage(ROOT, settings, wanted)).toEqual({ folder: 'packages/core', threshold: 85 });
    }
    expect(findPackage(ROOT, settings, 'gcp')).toEqual({ folder: 'modules/providers/gcp', threshold: 75 });
    expect(findPackage(ROOT, settings, 'tools/ci')).toEqual({ folder: 'tools/ci' });
    expect(() => findPackage(ROOT, settings, 'cor')).toThrow(/No package "cor"\. Name its folder/);
  });

  it('is every package with a threshold, if none is asked for', () => {
    const folders = packagesOf(ROOT, settings).map(({ folder }) => folder);
    expect(folders).toEqual(expect.arrayContaining(['packages/engine', 'modules/tools/mlflow']));
    expect(folders).not.toContain('packages/nx');
  });

  it('is no spec, no helper of specs and no file that only re-exports', () => {
    const files = sourcesOf(ROOT, 'packages/engine', { mutate: [] });
    expect(files).toContain('packages/engine/src/run/removed.ts');
    expect(files.filter((file) => /spec|testing|index|parts/.test(file))).toEqual([]);
  });

  it('can be narrowed down', () => {
    expect(sourcesOf(ROOT, 'packages/core', { mutate: ['src/n*.ts'] })).toEqual([
      'packages/core/src/names.ts',
    ]);
    expect(sourcesOf(ROOT, 'packages/core', { mutate: ['src/none.ts'] })).toEqual([]);
  });

  it('leaves specs out that start programs', () => {
    const slow = slowSpecs(join(ROOT, 'packages/engine'), settings.slow);
    expect(slow).toContain('src/run/faults.spec.ts');
    expect(slow).not.toContain('src/run/in-order.spec.ts');
  });

  it('is a sample by the seed, in the order of the files', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const sample = chosen(items, 10, 7);
    expect(sample).toHaveLength(10);
    expect(sample).toEqual([...sample].sort((one, other) => one - other));
    expect(chosen(items, 10, 7)).toEqual(sample);
    expect(chosen(items, 10, 8)).not.toEqual(sample);
    expect(chosen(items, 200, 7)).toEqual(items);
  });
});
