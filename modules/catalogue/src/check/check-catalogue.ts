import type { CatalogueEntry } from '../entry';
import { chartReleases } from './chart-repository';
import { Http, reasonOf, type HttpOptions } from './http';
import { imageTags } from './image-registry';
import { hasReleases, programReleases } from './program-releases';
import type { ReleaseList } from './release-list';
import { isSameVersion, newestLike } from './versions';

/** What a source says today about a release that the catalogue names. */
export interface CheckedRelease {
  /** Key of the entry. */
  readonly key: string;
  /** What of it, e.g. `program`, `chart`, `image server`. */
  readonly what: string;
  /** Version in the catalogue. */
  readonly version: string;
  /**
   * `current`; `outdated`: there is a newer one; `held`: there is, and the entry says why it is not taken; `archived`: upstream has given it up; `moved`: it is elsewhere, or no longer
   * there; `unreachable`: the source could not be asked.
   */
  readonly status: 'current' | 'outdated' | 'held' | 'archived' | 'moved' | 'unreachable';
  /** The newer version, why it is not taken, where it went, or why it could not be asked. @default - nothing to say */
  readonly detail?: string;
  /** Whether the catalogue takes it for alive, and it is not. */
  readonly unexpected: boolean;
}

/** One question to one source. */
interface Question {
  readonly key: string;
  readonly what: string;
  readonly version: string;
  readonly entry: CatalogueEntry;
  readonly ask: (http: Http) => Promise<ReleaseList>;
}

const AT_ONCE = 8;

/**
 * Asks where each program, chart and image comes from: GitHub and PyPI, chart repositories, registries. Without accounts.
 * @returns a row for every release that the entries name; a source that does not answer is a row too
 */
export async function checkCatalogue(
  entries: Readonly<Record<string, CatalogueEntry>>,
  options: HttpOptions = {},
): Promise<readonly CheckedRelease[]> {
  const questions = Object.entries(entries).flatMap(([key, entry]) => questionsOf(key, entry));
  const rows: CheckedRelease[] = [];
  const http = new Http(options);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < questions.length) {
      const place = next;
      next += 1;
      rows[place] = await checkedRelease(http, questions[place]!);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    await http.close();
  }
  return rows;
}

function questionsOf(key: string, entry: CatalogueEntry): readonly Question[] {
  const { source, version, chart, images = {} } = entry;
  return [
    ...(hasReleases(source)
      ? [{ key, entry, what: 'program', version, ask: (http: Http) => programReleases(http, source) }]
      : []),
    ...(chart === undefined
      ? []
      : [
          {
            key,
            entry,
            what: 'chart',
            version: chart.version,
            ask: (http: Http) =>
              chart.repository.startsWith('oci://')
                ? imageTags(http, `${chart.repository.slice('oci://'.length)}/${chart.name}`)
                : chartReleases(http, chart.repository, chart.name),
          },
        ]),
    ...Object.entries(images).map(([name, { repository, tag }]) => ({
      key,
      entry,
      what: `image ${name}`,
      version: tag,
      ask: (http: Http) => imageTags(http, repository),
    })),
  ];
}

async function checkedRelease(http: Http, question: Question): Promise<CheckedRelease> {
  const { key, what, version, entry } = question;
  const row = (status: CheckedRelease['status'], detail?: string): CheckedRelease => {
    const gone = status === 'moved' || status === 'archived';
    return {
      ...{ key, what, version, status },
      ...(detail === undefined ? {} : { detail }),
      unexpected: gone && entry.upstream !== 'archived',
    };
  };
  let list: ReleaseList;
  try {
    list = await question.ask(http);
  } catch (error) {
    return row('unreachable', reasonOf(error));
  }
  if (!list.found) return row('moved', list.why);
  if (list.archived) return row('archived');
  if (list.movedTo !== undefined) return row('moved', list.movedTo);
  if (list.complete && !list.versions.some((each) => isSameVersion(each, version))) {
    return row('moved', `it no longer has ${version}`);
  }
  const newest = newestLike(version, list.versions);
  if (newest === version) return row('current');
  return entry.heldAt === undefined
    ? row('outdated', newest)
    : row('held', `${entry.heldAt} (newer: ${newest})`);
}
