import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from './postgres';
import { buildProviders, isBuilt, providerMirror } from './providers';
import { startS3 } from './s3';
import { startServerProcess } from './server-process';

// The S3 server is built on first use.
jest.setTimeout(600_000);

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test('two PostgreSQL servers run side by side, and each is gone after its stop', async () => {
  const servers = await Promise.all([startPostgres(), startPostgres()]);
  expect(await Promise.all(servers.map((server) => accepts(server.connectionString)))).toEqual([true, true]);
  await Promise.all(servers.map((server) => server.stop()));
  expect(await Promise.all(servers.map((server) => accepts(server.connectionString)))).toEqual([
    false,
    false,
  ]);
});

test('the S3 server refuses a request without keys, and is gone after its stop', async () => {
  const server = await startS3();
  const response = await fetch(server.endpoint);
  expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('AccessDenied')]);
  await server.stop();
  expect(await accepts(server.endpoint)).toBe(false);
});

describe('without a cached binary', () => {
  const given = { ...process.env };
  let empty: string;

  beforeEach(() => {
    empty = mkdtempSync(join(tmpdir(), 'mlterra-testbed-spec-'));
    process.env['XDG_CACHE_HOME'] = empty;
    delete process.env['MLTERRA_TESTBED_VERSITYGW'];
  });

  afterEach(() => {
    for (const name of ['PATH', 'XDG_CACHE_HOME', 'MLTERRA_TESTBED_VERSITYGW']) {
      if (given[name] === undefined) delete process.env[name];
      else process.env[name] = given[name];
    }
    rmSync(empty, { recursive: true });
  });

  test('it is said that Go is missing', async () => {
    process.env['PATH'] = empty;
    await expect(startS3()).rejects.toThrow(
      /built with Go, and there is no `go` on the PATH\..*or set MLTERRA_TESTBED_VERSITYGW/s,
    );
    const left = readdirSync(join(empty, 'mlterra', 'testbed'), { recursive: true });
    expect(left.filter((name) => !/^versitygw-v[\d.]+$/.test(String(name)))).toEqual([]);
  });

  test('it is said that Go is missing for a provider, too', async () => {
    process.env['PATH'] = empty;
    await expect(buildProviders('local')).rejects.toThrow(
      /^terraform-provider-local is built with Go, and there is no `go` on the PATH\./,
    );
    expect(isBuilt('local')).toBe(false);
    const left = readdirSync(providerMirror(), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });
});

test('a server that fails to start is reported with what it printed, and its folder is removed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-testbed-spec-'));
  await expect(
    startServerProcess({
      name: 'a server',
      command: '/bin/sh',
      args: ['-c', 'echo no such setting >&2; exit 3'],
      signal: 'SIGTERM',
      remove: [folder],
      isReady: () => false,
    }),
  ).rejects.toThrow(/a server did not start\. It printed:\nno such setting/);
  expect(readdirSync(tmpdir())).not.toContain(folder.split('/').at(-1));
});

test('a server ends, and its folder is removed, when the process that started it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-testbed-spec-'));
  const keeper = join(__dirname, '..', 'keeper.js');
  const job = { command: 'sleep', args: ['600'], signal: 'SIGTERM', remove: [folder] };
  writeFileSync(
    join(folder, 'starter.js'),
    `const child = require('node:child_process').spawn(process.execPath,
       [${JSON.stringify(keeper)}, ${JSON.stringify(JSON.stringify(job))}], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
     console.log(String(child.pid));
     setInterval(() => {}, 1000);`,
  );
  const starter = spawn(process.execPath, [join(folder, 'starter.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(starter.stdout, 'data')) as [Buffer];
  const pid = Number(printed.toString());
  expect(isAlive(pid)).toBe(true);
  starter.kill('SIGKILL');
  while (isAlive(pid)) await delay(50);
  expect(readdirSync(tmpdir())).not.toContain(folder.split('/').at(-1));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
