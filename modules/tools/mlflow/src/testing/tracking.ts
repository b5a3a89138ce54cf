/** What a client of MLflow does, by its REST interface. */
export class Tracking {
  public constructor(
    private readonly url: string,
    private readonly user: string,
    private readonly password: string,
  ) {}

  public async call<T = unknown>(path: string, body?: object): Promise<T> {
    const response = await this.send(path, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.slice(0, 300)}`);
    return JSON.parse(answer) as T;
  }

  /** The answer to a request, whatever it is. */
  public send(path: string, init: RequestInit = {}): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${this.user}:${this.password}`).toString('base64')}`;
    return fetch(`${this.url}/api/2.0/${path}`, { ...init, headers: { ...init.headers, authorization } });
  }
}
