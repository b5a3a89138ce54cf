import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goDuration, healthCheck } from './health-check';

const PROGRAMS = ['curl', 'wget', 'bash', 'python3'];

/** Where a program of this machine is; undefined where there is none, or one that needs others. */
function pathOf(program: string): string | undefined {
  const path = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
  const alone = path !== '' && spawnSync(path, ['--version'], { env: { PATH: '/nonexistent' } }).status === 0;
  return alone ? path : undefined;
}

/** Runs a health check as an image with this one program would. */
function ask(test: readonly string[], program: string): Promise<number | null> {
  const bin = mkdtempSync(join(tmpdir(), 'mlterra-health-'));
  symlinkSync(pathOf(program)!, join(bin, program));
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', test[1]!], { env: { PATH: bin }, stdio: 'ignore' });
    child.once('close', (code) => {
      rmSync(bin, { recursive: true });
      resolve(code);
    });
  });
}

describe('a health check', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      response.writeHead(url === '/ready?a=%20b' ? 200 : 503).end('x');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  const check = (httpPath?: string): readonly string[] =>
    healthCheck({
      image: 'demo:v1',
      command: [],
      ports: { http: { port, protocol: 'http' } },
      probe: { port: 'http', ...(httpPath === undefined ? {} : { httpPath }) },
    })!.test;

  it.each(PROGRAMS.filter((program) => pathOf(program) !== undefined))(
    'asks a URL with %s',
    async (program) => {
      expect(await ask(check('/ready?a=%20b'), program)).toBe(0);
      expect(await ask(check('/starting'), program)).not.toBe(0);
    },
  );

  it.each(['bash', 'python3'].filter((program) => pathOf(program) !== undefined))(
    'connects to a port with %s',
    async (program) => {
      expect(await ask(check(), program)).toBe(0);
      const closed = check().map((part) => part.replaceAll(String(port), '1'));
      expect(await ask(closed, program)).not.toBe(0);
    },
  );

  it('runs a program of the image where the probe names one', () => {
    const container = { image: 'demo:v1', command: [], ports: { db: { port: 1, protocol: 'tcp' as const } } };
    const { test } = healthCheck({ ...container, probe: { port: 'db', command: ['ready', '${x}'] } })!;
    expect(test).toEqual(['CMD', 'ready', '$${x}']);
  });

  it('says durations as Go does, which the provider reads back', () => {
    expect([5, 60, 75, 3_600, 3_725].map(goDuration)).toEqual(['5s', '1m0s', '1m15s', '1h0m0s', '1h2m5s']);
  });
});
