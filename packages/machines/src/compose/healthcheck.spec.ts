import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Probe } from '@mlterra/core';
import { healthcheck } from './healthcheck';

const run = promisify(execFile);

let server: Server;
let port: number;
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/health' ? 200 : 500;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mlterra-probe-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Path of a program, not of a script that chooses a version of it. */
function where(program: string): string {
  const find =
    program === 'python3' ? "python3 -c 'import sys; print(sys.executable)'" : `command -v ${program}`;
  return spawnSync('sh', ['-c', find], { encoding: 'utf8' }).stdout.trim();
}

/** Asks as in an image that has one program beside its shell. */
async function ask(program: string, probe: Partial<Probe>, asked = port): Promise<boolean> {
  symlinkSync(where(program), join(folder, program));
  const check = healthcheck({
    image: 'demo:v1',
    command: [],
    ports: { main: { port: asked, protocol: 'tcp' } },
    probe: { port: 'main', ...probe },
  })!;
  const [, , ...args] = check.test;
  const env = { PATH: folder, http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
  return run(where('sh'), args, { env }).then(
    () => true,
    () => false,
  );
}

const programs = (names: readonly string[]): readonly string[] => names.filter((name) => where(name) !== '');

describe('the question that a healthcheck asks', () => {
  it.each(programs(['curl', 'wget', 'python3', 'bash']))(
    'asks a path by %s, past any proxy',
    async (program) => {
      expect(await ask(program, { httpPath: '/health' })).toBe(true);
      rmSync(join(folder, program));
      expect(await ask(program, { httpPath: '/broken' })).toBe(false);
    },
  );

  it.each(programs(['python3', 'bash', 'nc']))('connects by %s', async (program) => {
    expect(await ask(program, {})).toBe(true);
    rmSync(join(folder, program));
    expect(await ask(program, {}, 1)).toBe(false);
  });

  it('fails where the image has nothing to ask with', async () => {
    expect(await ask('true', { httpPath: '/health' })).toBe(false);
  });
});
