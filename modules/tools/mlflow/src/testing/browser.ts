/** Follows redirects and keeps cookies, of servers on one host name, as a browser does. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  /** Follows redirects to their end, or to one that leads to where `until` says. */
  public async open(
    url: string,
    { form, until }: { readonly form?: Record<string, string>; readonly until?: string } = {},
  ): Promise<Page> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, status: response.status, body: await response.text() };
    const next = new URL(location, url).href;
    return until !== undefined && next.startsWith(until)
      ? { url: next, status: response.status, body: '' }
      : this.open(next, { until });
  }

  /** Opens a page for which the provider wants a login and consent, and gives both. */
  public async logIn(url: string, user: string, until?: string): Promise<Page> {
    const login = await this.open(url);
    const consent = await this.open(actionOf(login), {
      form: { prompt: 'login', login: user, password: 'any' },
    });
    return this.open(actionOf(consent), { form: { prompt: 'consent' }, until });
  }
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly body: string;
}

function actionOf({ url, body }: Page): string {
  const [, action] = /<form[^>]* action="([^"]+)"/.exec(body) ?? [];
  if (action === undefined) throw new Error(`no form on ${url}: ${body.slice(0, 300)}`);
  return new URL(action, url).href;
}
