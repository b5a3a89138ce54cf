import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LABELS } from '../labels';
import type { HookContainer } from '../spec';
import { connect } from './connect';
import { removeOrphans } from './remove-orphans';

type State = Readonly<Record<string, unknown>>;

const running = (health?: string): State => ({
  Running: true,
  Restarting: false,
  Status: 'running',
  ...(health === undefined ? {} : { Health: { Status: health } }),
});
const ended = (code: number): State => ({
  Running: false,
  Restarting: false,
  Status: 'exited',
  ExitCode: code,
});

/** Plays the engine's API for containers; their names are their ids. */
class PlayedEngine {
  public readonly removed: string[] = [];
  private readonly server: Server;

  public constructor(containers: Readonly<Record<string, State>>) {
    this.server = createServer((request, response) => {
      const answer = (status: number, body?: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      };
      const { pathname } = new URL(request.url!, 'http://engine');
      const [, kind, id, action] = pathname.split('/');
      if (kind === 'networks') answer(200, []);
      else if (id === 'json') answer(200, Object.keys(containers).map(listed));
      else if (action === 'json') answer(200, { State: containers[id!] });
      else if (action === 'stop') answer(204);
      else if (request.method === 'DELETE') {
        this.removed.push(id!);
        answer(204);
      } else answer(404, { message: `no ${pathname}` });
    });
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const listed = (name: string): object => ({
  Id: name,
  Names: [`/${name}`],
  Labels: { [LABELS.instance]: name === 'foreign' ? 'other' : 'own' },
});

async function removedOf(
  kind: HookContainer['kind'],
  containers: Readonly<Record<string, State>>,
  lost: readonly string[] = [],
): Promise<readonly string[]> {
  const engine = new PlayedEngine(containers);
  const host = await engine.listen();
  const names = Object.keys(containers);
  try {
    await removeOrphans(connect(host), {
      environment: 'demo',
      stage: 'dev',
      stack: 'web',
      environmentDir: '/nonexistent',
      readOutput: () => Promise.resolve('own'),
      resources: names
        .filter((name) => !lost.includes(name))
        .map((id) => ({ address: `docker_container.${id}`, id })),
      data: {
        instance: { stack: 'demo/dev/engine', output: 'instance' },
        containers: names.map((name) => ({
          name,
          address: `docker_container.${name}`,
          kind,
          ports: [],
        })),
        images: [],
        networks: [],
        volumes: [],
      },
    });
    return engine.removed;
  } finally {
    await engine.close();
  }
}

describe('before an apply', () => {
  it('a workload goes that is in the state, but was killed before anybody saw it healthy', async () => {
    const states = {
      starting: running('starting'),
      unhealthy: running('unhealthy'),
      restarting: { ...running(), Restarting: true },
      healthy: running('healthy'),
      unchecked: running(),
    };
    expect(await removedOf('workload', states)).toEqual(['starting', 'unhealthy', 'restarting']);
  });

  it('a task goes whose end nobody has seen, or that failed', async () => {
    const states = { runs: running(), failed: ended(1), succeeded: ended(0) };
    expect(await removedOf('task', states)).toEqual(['runs', 'failed']);
  });

  it('what the state does not know goes, unless it belongs to another state', async () => {
    const states = { lost: running(), known: running(), foreign: running('starting') };
    expect(await removedOf('workload', states, ['lost', 'foreign'])).toEqual(['lost']);
  });

  it('a container with files stays, which never runs', async () => {
    expect(await removedOf('files', { files: { ...ended(0), Status: 'created' } })).toEqual([]);
  });
});
