import type { CatalogueEntry } from './entry';
import type { CheckedRelease } from './check/check-catalogue';
import { table } from './table';

type Entries = Readonly<Record<string, CatalogueEntry>>;

/** The catalogue as a Markdown table. */
export function catalogueTable(entries: Entries): string {
  return table(
    ['tool', 'version', 'chart', 'licence', 'upstream', 'source', 'checked'],
    Object.values(entries).map(({ title, version, chart, licence, upstream, source, checked }) => [
      title,
      version,
      chart === undefined ? '' : `${chart.name} ${chart.version}`,
      licence,
      upstream,
      source,
      checked,
    ]),
  );
}

/** What to know of entries, one item of a list for each that has something. */
export function catalogueCautions(entries: Entries): readonly string[] {
  return Object.values(entries).flatMap(({ title, caution }) =>
    caution === undefined ? [] : [`- ${title}: ${caution}`],
  );
}

/** What a check found, for people: a table, and a line about what could not be asked where that is everything. */
export function checkedText(rows: readonly CheckedRelease[]): string {
  if (rows.length > 0 && rows.every(({ status }) => status === 'unreachable')) {
    const reasons = [...new Set(rows.map(({ detail = '' }) => detail))];
    return `No source could be asked: ${reasons.join('; ')}. Nothing is known of what is newer. Behind a proxy, set HTTPS_PROXY.`;
  }
  const cells = rows.map(({ key, what, version, status, detail, unexpected }) => [
    key,
    what,
    version,
    `${statusText(status, version, detail)}${unexpected ? ' (!)' : ''}`,
  ]);
  const alarming = rows.filter(({ unexpected }) => unexpected).length;
  return [
    table(['tool', 'what', 'version', 'status'], cells),
    ...(alarming === 0
      ? []
      : ['', `(!) ${alarming} of these are gone, and the catalogue takes them for alive.`]),
  ].join('\n');
}

function statusText(status: CheckedRelease['status'], version: string, detail?: string): string {
  if (status === 'outdated') return `outdated (${version} → ${detail})`;
  if (status === 'held') return `held back: ${detail}`;
  if (status === 'moved') return /^https?:/.test(detail ?? '') ? `moved (→ ${detail})` : `moved (${detail})`;
  return detail === undefined ? status : `${status}: ${detail}`;
}
