import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { checkedText } from '../catalogue-text';
import type { CatalogueEntry } from '../entry';
import { document, Sources, status, type Handler } from '../testing/sources';
import { checkCatalogue } from './check-catalogue';

const entry = (about: Partial<CatalogueEntry>): CatalogueEntry => ({
  title: 'Tool',
  version: '1.2.0',
  licence: 'Apache-2.0',
  upstream: 'healthy',
  source: 'https://example.org/tool',
  checked: '2026-11-21',
  ...about,
});

const releases = (...tags: string[]): Handler =>
  document(tags.map((tag) => ({ tag_name: tag, draft: false, prerelease: tag.includes('-rc') })));

/** A registry that hands out tokens to everybody, and its tags page by page. */
const registry: Handler = (request, response, url) => {
  if (request.headers.authorization !== 'Bearer for-anybody') {
    const challenge =
      'Bearer realm="https://auth.test/token",service="registry",scope="repository:a/tool:pull"';
    response.writeHead(401, { 'www-authenticate': challenge }).end();
    return;
  }
  const isFirst = !url.searchParams.has('last');
  const link = '</v2/a/tool/tags/list?last=v1.2.0>; rel="next"';
  response.writeHead(200, isFirst ? { link } : {});
  response.end(JSON.stringify({ tags: isFirst ? ['v1.1.0', 'v1.2.0'] : ['v1.3.0', 'latest'] }));
};

describe('a check of the catalogue', () => {
  let world: Sources;

  beforeAll(async () => {
    world = await Sources.start({
      '/github/repos/A/current/releases': releases('v1.2.0', 'v1.3.0-rc.1', 'chart-9.9.9'),
      '/github/repos/a/current': document({ archived: false, full_name: 'A/current' }),
      '/github/repos/a/outdated/releases': releases('v1.2.0', 'v1.4.1'),
      '/github/repos/a/outdated': document({ archived: false, full_name: 'a/outdated' }),
      '/github/repos/a/archived/releases': releases('v1.2.0'),
      '/github/repos/a/archived': document({ archived: true, full_name: 'a/archived' }),
      '/github/repos/a/moved': status(301, { location: 'https://api.github.com/repos/b/moved' }),
      '/github/repos/b/moved/releases': releases('v1.2.0'),
      '/github/repos/b/moved': document({ archived: false, full_name: 'b/moved' }),
      '/github/repos/a/limited': status(403, {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1800000000',
      }),
      '/github/repos/a/broken': status(500),
      '/pypi/package/json': document({
        releases: { '1.2.0': [{ yanked: false }], '1.3.0': [{ yanked: true }], '1.2.1': [{ yanked: false }] },
      }),
      '/charts/index.yaml': document(
        [
          'entries:',
          '  tool: [{version: 1.2.0}, {version: 1.1.0}]',
          '  old: [{version: 1.2.0, deprecated: true}]',
          '  other: [{version: 2.0.0}]',
        ].join('\n'),
      ),
      '/moved-charts/index.yaml': status(301, { location: 'https://charts.test/index.yaml' }),
      '/registry/token': document({ token: 'for-anybody' }),
      '/registry/v2/a/tool/tags/list': registry,
      '/slow': () => undefined,
    });
  });
  afterAll(() => world.stop());

  const check = async (about: Partial<CatalogueEntry>, timeoutSeconds = 60) => {
    const [row, ...others] = await checkCatalogue(
      { tool: entry(about) },
      {
        timeoutSeconds,
        instead: {
          'https://api.github.com': `${world.origin}/github`,
          'https://pypi.org/pypi': `${world.origin}/pypi`,
          'https://charts.test': `${world.origin}/charts`,
          'https://moved-charts.test': `${world.origin}/moved-charts`,
          'https://slow.test': `${world.origin}/slow`,
          'https://auth.test': `${world.origin}/registry`,
          'https://registry.test': `${world.origin}/registry`,
          'https://registry-1.docker.io': `${world.origin}/registry`,
        },
      },
    );
    expect(others).toEqual([]);
    return row!;
  };
  const github = (name: string) => ({ source: `https://github.com/a/${name}/releases` });
  const chart = (name: string, repository = 'https://charts.test') => ({
    chart: { repository, name, version: '1.2.0' },
  });

  it.each([
    ['a release that is the newest', github('current'), 'current', undefined, false],
    ['a newer release', github('outdated'), 'outdated', 'v1.4.1', false],
    [
      'a newer release that is not taken',
      { ...github('outdated'), heldAt: '1.4 does not start' },
      'held',
      '1.4 does not start (newer: v1.4.1)',
      false,
    ],
    [
      'a held release that is the newest',
      { ...github('current'), heldAt: '1.4 does not start' },
      'current',
      undefined,
      false,
    ],
    ['an archived repository', github('archived'), 'archived', undefined, true],
    [
      'one that is known to be archived',
      { ...github('archived'), upstream: 'archived' as const },
      'archived',
      undefined,
      false,
    ],
    ['a repository that moved', github('moved'), 'moved', 'https://github.com/b/moved', true],
    ['a repository that is gone', github('gone'), 'moved', '404', true],
    ['a source that fails', github('broken'), 'unreachable', 'it answers 500', false],
    ['a Python package', { source: 'https://pypi.org/project/package/#history' }, 'outdated', '1.2.1', false],
    ['a chart', chart('tool'), 'current', undefined, false],
    ['a deprecated chart', chart('old'), 'archived', undefined, true],
    ['a chart without the version', chart('other'), 'moved', 'it no longer has 1.2.0', true],
    ['a chart that is gone', chart('gone'), 'moved', 'its index has no chart gone', true],
    [
      'a repository of charts that moved',
      chart('tool', 'https://moved-charts.test'),
      'moved',
      'https://charts.test',
      true,
    ],
    ['a chart in a registry', chart('tool', 'oci://registry.test/a'), 'outdated', 'v1.3.0', false],
    ['a chart that is in no registry', chart('gone', 'oci://registry.test/a'), 'moved', '404', true],
    [
      'an image',
      { images: { server: { repository: 'docker.io/a/tool', tag: 'v1.2.0' } } },
      'outdated',
      'v1.3.0',
      false,
    ],
  ])('tells of %s', async (_what, about, expected, detail, unexpected) => {
    const row = await check(about);
    expect(row).toMatchObject({ status: expected, unexpected });
    expect(row.detail).toBe(detail);
  });

  it('does not wait for a silent source', async () => {
    expect(await check(chart('tool', 'https://slow.test'), 0.2)).toMatchObject({
      status: 'unreachable',
      detail: 'no answer in time',
    });
  });

  it('says until when GitHub answers nothing', async () => {
    const { status: found, detail } = await check(github('limited'));
    expect(found).toBe('unreachable');
    expect(detail).toMatch(/until 2027-01-15T08:00:00.000Z \(its rate limit\)$/);
  });

  it('asks by the proxy of the environment', async () => {
    const asked: string[] = [];
    const sockets: Socket[] = [];
    const proxy = createServer().on('connect', (request: { url: string }, socket: Socket) => {
      asked.push(request.url);
      const through = connect(Number(new URL(world.origin).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(through).pipe(socket);
      });
      sockets.push(socket, through);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const before = { ...process.env };
    process.env.http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    delete process.env.no_proxy;
    delete process.env.NO_PROXY;
    try {
      const [row] = await checkCatalogue({ tool: entry(chart('tool', 'http://example.test/charts')) });
      expect(row).toMatchObject({ status: 'current' });
      expect(asked).toEqual(['example.test:80']);
    } finally {
      process.env = before;
      for (const socket of sockets) socket.destroy();
      proxy.close();
    }
  });
});

describe('what a check says to people', () => {
  const row = { key: 'tool', what: 'chart', version: '1', status: 'current', unexpected: false } as const;

  it('shows every release, and what nobody expected', () => {
    const text = checkedText([
      row,
      { ...row, status: 'outdated', detail: '2' },
      { ...row, status: 'held', detail: '2 does not start (newer: 2)' },
      { ...row, status: 'moved', detail: '404', unexpected: true },
      { ...row, status: 'moved', detail: 'https://b.test', unexpected: true },
      { ...row, status: 'unreachable', detail: 'no answer in time' },
    ]);
    expect(text).toMatchInlineSnapshot(`
      "| tool | what  | version | status                                 |
      | ---- | ----- | ------- | -------------------------------------- |
      | tool | chart | 1       | current                                |
      | tool | chart | 1       | outdated (1 → 2)                       |
      | tool | chart | 1       | held back: 2 does not start (newer: 2) |
      | tool | chart | 1       | moved (404) (!)                        |
      | tool | chart | 1       | moved (→ https://b.test) (!)           |
      | tool | chart | 1       | unreachable: no answer in time         |

      (!) 2 of these are gone, and the catalogue takes them for alive."
    `);
  });

  it('says once that nobody answered', () => {
    const silent = { ...row, status: 'unreachable', detail: 'ENOTFOUND' } as const;
    expect(checkedText([silent, { ...silent, what: 'program' }])).toBe(
      'No source could be asked: ENOTFOUND. Nothing is known of what is newer. Behind a proxy, set HTTPS_PROXY.',
    );
  });
});
