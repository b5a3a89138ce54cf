import { EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import { answered, redirectedTooOften } from './errors';

/** What a source said. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Response['headers'];
  /** Where the source says that it is from now on (301, 308). @default - where it was asked */
  readonly movedTo?: string;
}

export interface HttpOptions {
  /** Time for one answer, in seconds. @default 10 */
  readonly timeoutSeconds?: number;
  /**
   * Addresses that are asked in place of others, e.g. of a mirror of GitHub's API, by the beginning of a URL.
   * @default - none
   */
  readonly instead?: Readonly<Record<string, string>>;
}

const REDIRECTS = 5;
const PERMANENT = [301, 308];
const TEMPORARY = [302, 303, 307];
const USER_AGENT = 'mlterra-catalogue (https://www.npmjs.com/package/mlterra)';

/** Asks over HTTP, by the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY where there is one. */
export class Http {
  private readonly dispatcher: Dispatcher = new EnvHttpProxyAgent();

  public constructor(private readonly options: HttpOptions = {}) {}

  /** @throws where nobody answers */
  public async ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    let next = url;
    let movedTo: string | undefined;
    for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
      const response = await this.request(next, headers);
      const location = response.headers.get('location');
      const isPermanent = PERMANENT.includes(response.status);
      if (location === null || !(isPermanent || TEMPORARY.includes(response.status))) {
        const body = await response.text();
        return { status: response.status, body, headers: response.headers, ...(movedTo && { movedTo }) };
      }
      await response.body?.cancel();
      next = new URL(location, next).href;
      if (isPermanent) movedTo = next;
    }
    throw redirectedTooOften(REDIRECTS);
  }

  /** The answer as JSON. @throws where there is none, or not the one that was asked for */
  public async askJson<T>(url: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    const { status, body } = await this.ask(url, headers);
    if (status !== 200) throw answered(status);
    return JSON.parse(body) as T;
  }

  public async close(): Promise<void> {
    await this.dispatcher.close();
  }

  private request(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(this.redirected(url), {
      headers: { 'user-agent': USER_AGENT, ...headers },
      redirect: 'manual',
      dispatcher: this.dispatcher,
      signal: AbortSignal.timeout((this.options.timeoutSeconds ?? 10) * 1000),
    });
  }

  private redirected(url: string): string {
    const [from, to] =
      Object.entries(this.options.instead ?? {}).find(([start]) => url.startsWith(start)) ?? [];
    return from === undefined ? url : `${to}${url.slice(from.length)}`;
  }
}

/** Why nobody answered, in a few words. */
export function reasonOf(error: unknown): string {
  const { name, message = String(error), cause } = error as Partial<Error>;
  if (name === 'TimeoutError') return 'no answer in time';
  const { code, message: reason } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  if (reason === undefined) return message;
  // Errors of several addresses in one have no message of their own.
  return code === undefined || reason.includes(code) ? reason : `${code} ${reason}`.trim();
}
