import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { dockerRefused } from '../errors';

export interface EngineRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable | string;
}

/** A client of the Docker engine's HTTP interface on a unix socket, as small as the test bed needs it. */
export class EngineApi {
  constructor(private readonly socket: string) {}

  /** Answer of the engine, parsed when it is JSON. */
  async call<T = unknown>(path: string, options: EngineRequest = {}): Promise<T> {
    const { status, text } = await this.send(path, options);
    if (status >= 400) throw dockerRefused(path, messageOf(text));
    return (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T;
  }

  /** For calls that report progress line by line: throws the error of whichever line has one; returns the lines. */
  async follow(path: string, options: EngineRequest = {}): Promise<readonly string[]> {
    const { status, text } = await this.send(path, { method: 'POST', ...options });
    if (status >= 400) throw dockerRefused(path, messageOf(text));
    const lines = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as { error?: string; stream?: string; status?: string });
    const printed = lines.map(({ stream, status: state }) => stream ?? state ?? '');
    const failed = lines.find(({ error }) => error !== undefined);
    if (failed?.error !== undefined)
      throw dockerRefused(path, `${failed.error}\n${printed.slice(-30).join('')}`);
    return printed;
  }

  /** Whether the engine answers. */
  async isUp(): Promise<boolean> {
    try {
      return (await this.send('/_ping', {})).status === 200;
    } catch {
      return false;
    }
  }

  private send(path: string, options: EngineRequest): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', headers = {}, body } = options;
      const sent = request(
        { socketPath: this.socket, path, method, headers: { host: 'docker', ...headers } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text: text.trim() }));
        },
      );
      sent.on('error', reject);
      if (body === undefined || typeof body === 'string') sent.end(body);
      else body.on('error', reject).pipe(sent);
    });
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
