import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPlugin } from './plugin-process';

const COMPILED = join(__dirname, '..', '..', 'dist', 'plugin', 'plugin-process.js');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlterra-plugin-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(script: string): string {
  const file = join(folder, 'terraform-provider-test');
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** Writes its process id and its environment, and then waits. */
function provider(protocol = 6): string {
  return program(
    [
      `echo $$ > ${folder}/pid`,
      `env > ${folder}/env`,
      'touch "$PLUGIN_UNIX_SOCKET_DIR/socket"',
      `echo "1|${protocol}|unix|$PLUGIN_UNIX_SOCKET_DIR/socket|grpc|"`,
      'exec sleep 600',
    ].join('\n'),
  );
}

function isRunning(): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

test.each([5, 6])(
  'a provider of protocol %i runs until it is stopped, and leaves no socket',
  async (protocol) => {
    const plugin = await startPlugin(provider(protocol));
    expect(plugin.protocol).toBe(protocol);
    expect(isRunning()).toBe(true);
    expect(existsSync(plugin.socket)).toBe(true);
    await plugin.stop();
    expect(existsSync(dirname(plugin.socket))).toBe(false);
    // Whoever inherited it from the supervisor may not have buried it yet.
    while (isRunning()) await delay(20);
  },
);

test('a provider sees no credential and no home folder', async () => {
  process.env['CLOUD_TOKEN_OF_SPEC'] = 'secret';
  const plugin = await startPlugin(provider());
  delete process.env['CLOUD_TOKEN_OF_SPEC'];
  await plugin.stop();
  const seen = readFileSync(join(folder, 'env'), 'utf8');
  expect(seen).toContain('PLUGIN_PROTOCOL_VERSIONS=5,6');
  expect(seen).not.toContain('CLOUD_TOKEN_OF_SPEC');
  expect(seen.split('\n')).not.toContain(`HOME=${homedir()}`);
});

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'a provider ends with the process that started it, by %s',
  async (signal) => {
    const script = `require(${JSON.stringify(COMPILED)}).startPlugin(process.argv[1]).then(({ socket }) => {
    process.stdout.write(socket);
    setInterval(() => undefined, 1000);
  });`;
    const parent = spawn(process.execPath, ['-e', script, provider()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [socket] = (await once(parent.stdout, 'data')) as [Buffer];
    expect(isRunning()).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    while (isRunning() || existsSync(dirname(socket.toString()))) await delay(20);
  },
);

test('a provider that ends by itself leaves nothing', async () => {
  const file = program('echo "1|6|unix|$PLUGIN_UNIX_SOCKET_DIR/socket|grpc|"; echo bye >&2; exit 3');
  const plugin = await startPlugin(file);
  while (existsSync(dirname(plugin.socket))) await delay(20);
  await plugin.stop();
  expect(plugin.said()).toBe('bye');
});

test.each([
  ['ends with an error', 'echo "This binary is a plugin." >&2; exit 1', /said:\nThis binary is a plugin\.\n/],
  ['ends without a word', 'exit 0', /it did not answer as one\.\n/],
  ['says something else', 'yes', /said:\n(y\n){5} {2}expected/],
  ['speaks an older protocol', 'echo "1|4|tcp|127.0.0.1:1|netrpc"; exec sleep 600', /said:\n1\|4\|tcp/],
])('a program that %s is no provider', async (_, script, message) => {
  const file = program(script);
  await expect(startPlugin(file)).rejects.toThrow(message);
  await expect(startPlugin(file)).rejects.toThrow(`${file} is no Terraform provider`);
});

test.each(['/no/such/provider', tmpdir(), join(__filename)])('%s is no program', async (file) => {
  await expect(startPlugin(file)).rejects.toThrow(`There is no file ${file} that can be executed.`);
});

test('something that never answers is given up', async () => {
  const file = join(folder, 'silent');
  writeFileSync(file, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  await expect(startPlugin(file, undefined, 200)).rejects.toThrow(`${file} is no Terraform provider`);
});
