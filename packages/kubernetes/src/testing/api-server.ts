import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Kubeconfig } from '../hook-data';

/** A server in the place of an API server: gives the answers it was given, and remembers the requests. */
export class ApiServer {
  /** Requests so far without their queries, e.g. `GET /version`. */
  public readonly requests: string[] = [];
  /** Queries and bodies of the requests. */
  public readonly sent: { readonly query: Readonly<Record<string, string>>; readonly body: string }[] = [];
  private readonly answers = new Map<string, readonly [status: number, body: string]>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  public static async start(): Promise<ApiServer> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
        const what = `${request.method} ${pathname}`;
        self.requests.push(what);
        self.sent.push({ query: Object.fromEntries(searchParams), body });
        const [status, answer] = self.answers.get(what) ?? [404, '{"message":"not found"}'];
        response.writeHead(status).end(answer);
      });
    });
    const self: ApiServer = new ApiServer(server, mkdtempSync(join(tmpdir(), 'mlterra-api-server-')));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return self;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A context `demo` of a kubeconfig, beside others that lead nowhere. */
  public get cluster(): Kubeconfig {
    const kubeconfig = join(this.folder, 'kubeconfig');
    const nowhere = 'http://127.0.0.1:1';
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'other',
        clusters: [
          { name: 'other', cluster: { server: nowhere } },
          { name: 'demo', cluster: { server: `${this.url}/`, 'insecure-skip-tls-verify': true } },
        ],
        users: [{ name: 'demo', user: {} }],
        contexts: [
          { name: 'other', context: { cluster: 'other', user: 'demo' } },
          { name: 'demo', context: { cluster: 'demo', user: 'demo' } },
          { name: 'empty', context: { cluster: 'missing', user: 'demo' } },
        ],
      }),
    );
    return { kubeconfig, context: 'demo' };
  }

  /** @param request e.g. `GET /version` */
  public answer(request: string, body: unknown, status = 200): void {
    this.answers.set(request, [status, typeof body === 'string' ? body : JSON.stringify(body)]);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
