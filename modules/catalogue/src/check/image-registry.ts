import { answered, listIncomplete } from './errors';
import type { Answer, Http } from './http';
import type { ReleaseList } from './release-list';

/** A list of more tags than these pages hold says nothing about which is the newest. */
const PAGES = 30;

/** Name of Docker Hub in names of images, and where its registry is. */
const HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/**
 * Tags of an image, or of a chart in a registry, as anybody may read them.
 * @param repository with registry, without tag, e.g. `ghcr.io/mlflow/mlflow`
 */
export async function imageTags(http: Http, repository: string): Promise<ReleaseList> {
  const [host = '', ...path] = repository.split('/');
  const registry = `https://${HOSTS[host] ?? host}`;
  const tags: string[] = [];
  let next: string | undefined = `${registry}/v2/${path.join('/')}/tags/list`;
  let headers = {};
  for (let page = 0; next !== undefined; page += 1) {
    if (page === PAGES) throw listIncomplete(PAGES);
    let answer: Answer = await http.ask(next, headers);
    if (answer.status === 401 && page === 0) {
      headers = await anonymous(http, answer.headers.get('www-authenticate') ?? '');
      answer = await http.ask(next, headers);
    }
    // Registries do not tell strangers whether what they may not read is there.
    if (page === 0 && [401, 403, 404].includes(answer.status))
      return { found: false, why: String(answer.status) };
    if (answer.status !== 200) throw answered(answer.status);
    tags.push(...((JSON.parse(answer.body) as { tags?: string[] | null }).tags ?? []));
    const [, link] = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get('link') ?? '') ?? [];
    next = link === undefined ? undefined : new URL(link, registry).href;
  }
  return { found: true, versions: tags, complete: true };
}

/** The header of whoever has no account, after a challenge `Bearer realm="…",service="…",scope="…"`. */
async function anonymous(http: Http, challenge: string): Promise<Readonly<Record<string, string>>> {
  const { realm, ...parameters } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value] as const),
  ) as Readonly<Record<string, string>>;
  if (realm === undefined) return {};
  const url = `${realm}?${new URLSearchParams(parameters).toString()}`;
  const { token, access_token } = await http.askJson<{ token?: string; access_token?: string }>(url);
  return { authorization: `Bearer ${token ?? access_token}` };
}
