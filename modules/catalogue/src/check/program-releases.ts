import { answered, rateLimited } from './errors';
import type { Answer, Http } from './http';
import type { ReleaseList } from './release-list';

const GITHUB = /^https:\/\/github\.com\/([^/]+\/[^/]+)/;
const PYPI = /^https:\/\/pypi\.org\/project\/([^/#]+)/;

/** Whether the releases of a page can be asked for. */
export function hasReleases(source: string): boolean {
  return GITHUB.test(source) || PYPI.test(source);
}

/** Releases of the program whose page is given, from GitHub or the index of Python packages. */
export async function programReleases(http: Http, source: string): Promise<ReleaseList> {
  const [, repository] = GITHUB.exec(source) ?? [];
  if (repository !== undefined) return githubReleases(http, repository);
  const [, project = ''] = PYPI.exec(source) ?? [];
  return pythonReleases(http, project);
}

async function githubReleases(http: Http, repository: string): Promise<ReleaseList> {
  const about = await askGithub(http, `repos/${repository}`);
  if (about.status === 404) return { found: false, why: '404' };
  if (about.status !== 200) throw answered(about.status);
  const { archived, full_name: name } = JSON.parse(about.body) as { archived: boolean; full_name: string };
  const releases = await askGithub(http, `repos/${name}/releases?per_page=100`);
  if (releases.status !== 200) throw answered(releases.status);
  const all = JSON.parse(releases.body) as { tag_name: string; draft: boolean; prerelease: boolean }[];
  return {
    found: true,
    versions: all.filter(({ draft, prerelease }) => !draft && !prerelease).map((release) => release.tag_name),
    archived,
    complete: false,
    ...(name.toLowerCase() === repository.toLowerCase() ? {} : { movedTo: `https://github.com/${name}` }),
  };
}

async function askGithub(http: Http, path: string): Promise<Answer> {
  const answer = await http.ask(`https://api.github.com/${path}`, { accept: 'application/vnd.github+json' });
  const limited = [403, 429].includes(answer.status) && answer.headers.get('x-ratelimit-remaining') === '0';
  if (!limited) return answer;
  const seconds = Number(answer.headers.get('x-ratelimit-reset'));
  throw rateLimited(new Date(seconds * 1000).toISOString());
}

async function pythonReleases(http: Http, project: string): Promise<ReleaseList> {
  const { status, body } = await http.ask(`https://pypi.org/pypi/${project}/json`);
  if (status === 404) return { found: false, why: '404' };
  if (status !== 200) throw answered(status);
  const { releases } = JSON.parse(body) as { releases: Readonly<Record<string, { yanked: boolean }[]>> };
  const kept = Object.entries(releases).filter(([, files]) => files.some(({ yanked }) => !yanked));
  return { found: true, versions: kept.map(([version]) => version), complete: true };
}
