import { parse } from 'yaml';
import { answered } from './errors';
import type { Http } from './http';
import type { ReleaseList } from './release-list';

interface Index {
  readonly entries?: Readonly<
    Record<string, readonly { readonly version: string; readonly deprecated?: boolean }[]>
  >;
}

/** Versions of a chart in the `index.yaml` of a repository; a chart whose newest version is deprecated counts as archived. */
export async function chartReleases(http: Http, repository: string, name: string): Promise<ReleaseList> {
  const { status, body, movedTo } = await http.ask(`${repository}/index.yaml`);
  if (status === 404 || status === 410) return { found: false, why: String(status) };
  if (status !== 200) throw answered(status);
  const releases = (parse(body) as Index | null)?.entries?.[name] ?? [];
  if (releases.length === 0) return { found: false, why: `its index has no chart ${name}` };
  return {
    found: true,
    versions: releases.map(({ version }) => version),
    archived: releases[0]!.deprecated === true,
    complete: true,
    ...(movedTo && { movedTo: movedTo.replace(/\/index\.yaml$/, '') }),
  };
}
