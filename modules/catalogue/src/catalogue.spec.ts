import { catalogue } from './catalogue';
import { imageName, type CatalogueEntry } from './entry';

const entries: readonly [string, CatalogueEntry][] = Object.entries(catalogue);

describe.each(entries)('%s', (_key, entry) => {
  it('was looked up on a day that has been', () => {
    expect(entry.checked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const day = new Date(`${entry.checked}T00:00:00Z`);
    expect(day.toISOString().slice(0, 10)).toBe(entry.checked);
    expect(day.getTime()).toBeGreaterThanOrEqual(Date.parse('2026-01-01'));
  });

  it('says why one should think twice, where one should', () => {
    if (entry.upstream === 'healthy')
      expect(entry.caution ?? 'nothing').not.toMatch(/archived|abandoned|no longer maintained/i);
    else expect(entry.caution).toMatch(/\w{3,} \w+.*\.$/);
  });

  it('names a version that stays the same', () => {
    const { version, chart, images = {} } = entry;
    const pinned = [
      version,
      ...(chart ? [chart.version] : []),
      ...Object.values(images).map(({ tag }) => tag),
    ];
    for (const each of pinned) expect(each).toMatch(/\d+[.-]\d+/);
    expect(version).not.toMatch(/^v\d/);
  });

  it('comes from a registry, a repository and a page that are written out', () => {
    expect(entry.source).toMatch(/^https:\/\/\S+$/);
    if (entry.chart)
      expect(entry.chart.repository).toMatch(/^(https|oci):\/\/[a-z0-9.-]+(\/[a-z0-9._/-]+)?$/);
    for (const image of Object.values(entry.images ?? {})) {
      expect(imageName(image)).toMatch(
        /^[a-z0-9-]+\.[a-z0-9.-]+\/[a-z0-9._/-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/,
      );
    }
  });
});

it('adds a digest where it is known', () => {
  const image = { repository: 'ghcr.io/a/b', tag: '1' };
  expect(imageName(image)).toBe('ghcr.io/a/b:1');
  expect(imageName({ ...image, digest: 'sha256:1' })).toBe('ghcr.io/a/b:1@sha256:1');
});
