import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** A server on loopback that answers in place of the world, by path. */
export class Sources {
  private constructor(
    private readonly server: Server,
    public readonly origin: string,
    /** Paths that were asked for. */
    public readonly asked: readonly string[],
  ) {}

  /** @param handlers by the beginning of the path; what none is for is answered with 404 */
  public static async start(handlers: Readonly<Record<string, Handler>>): Promise<Sources> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://127.0.0.1');
      asked.push(`${url.pathname}${url.search}`);
      const [, handler] = Object.entries(handlers).find(([start]) => url.pathname.startsWith(start)) ?? [];
      if (handler === undefined) response.writeHead(404).end();
      else handler(request, response, url);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Sources(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers with a document. */
export function document(body: unknown, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) => {
    response.writeHead(200, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Handler {
  return (_request, response) => {
    response.writeHead(code, headers).end();
  };
}
