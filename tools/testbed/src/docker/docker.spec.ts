import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../port';
import { startDocker, type DockerServer } from './docker';
import { namesInRegistry } from './images';
import { bridges } from './network';
import { canRunDocker, findProgram, whyNoDocker } from './prerequisites';
import { startRegistry } from './registry';
import { IMAGES } from './stand-ins';
import { containerPids, engineMounts, enginePids } from './sweep';

const run = promisify(execFile);
const describeWithDocker = canRunDocker() ? describe : describe.skip;

// An engine of this file's own: no other test uses it, and none waits for it.
process.env['MLTERRA_TESTBED_ENGINE'] = '8';
jest.setTimeout(120_000);

async function docker(server: DockerServer, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(findProgram('docker') ?? 'docker', args, {
    env: { PATH: process.env['PATH'], DOCKER_HOST: server.host },
  });
  return stdout.trim();
}

async function left(): Promise<unknown> {
  return {
    processes: [...enginePids(), ...containerPids()],
    mounts: engineMounts(),
    bridges: await bridges(),
  };
}

async function answerOf(url: string): Promise<string> {
  for (let i = 0; ; i += 1) {
    try {
      return await (await fetch(url, { signal: AbortSignal.timeout(2000) })).text();
    } catch (error) {
      if (i === 100) throw error;
      await delay(50);
    }
  }
}

test('who is not root is told so', () => {
  const getuid = jest.spyOn(process, 'getuid').mockReturnValue(1000);
  try {
    expect(whyNoDocker()?.message).toMatch(
      /^The Docker engine of the test bed cannot run here: (this is not root\. Run it as root\.|this is \w+\. Use Linux\.)$/,
    );
    expect(canRunDocker()).toBe(false);
  } finally {
    getuid.mockRestore();
  }
});

const testInFull = process.env.MLTERRA_TEST_FULL ? test : test.skip;

describeWithDocker('the Docker engine of the test bed', () => {
  test('runs containers with all that tests need, and leaves nothing', async () => {
    const made: string[] = [];
    const server = await startDocker({ mode: 'exclusive', note: (text) => made.push(text) });
    try {
      expect(made).toEqual([]);
      const port = await freePort();
      const script = `$SIG{TERM}=sub{exit 0}; $s=IO::Socket::INET->new(LocalPort=>80,Listen=>5);
        while($c=$s->accept){while(<$c>){last if /^\\s*$/} print $c "HTTP/1.0 200 OK\\r\\n\\r\\nhello from a container"; close $c}`;
      await docker(server, 'network', 'create', 'testbed-spec');
      await docker(
        server,
        ...['run', '--detach', '--name', 'testbed-spec-web', '--network', 'testbed-spec'],
        ...[
          '--publish',
          `127.0.0.1:${port}:80`,
          '--read-only',
          '--memory',
          '64m',
          '--volume',
          'testbed-spec:/data',
        ],
        ...['debian:bookworm-slim', 'perl', '-MIO::Socket::INET', '-e', script],
      );
      expect(await answerOf(`http://127.0.0.1:${port}`)).toBe('hello from a container');
      // A privileged container mounts, and finds the other one by its name.
      const command = 'mount -t tmpfs none /mnt && getent hosts testbed-spec-web && id -u';
      const printed = await docker(
        server,
        ...[
          'run',
          '--rm',
          '--privileged',
          '--network',
          'testbed-spec',
          'debian:bookworm-slim',
          'sh',
          '-c',
          command,
        ],
      );
      expect(printed).toMatch(/^10\.221\.\d+\.\d+\s+testbed-spec-web\n0$/);
    } finally {
      await server.stop();
    }
    expect(await left()).toEqual({ processes: [], mounts: [], bridges: [] });
    const again = await startDocker({ mode: 'exclusive' });
    try {
      expect(await docker(again, 'ps', '--all', '--quiet')).toBe('');
      expect(await docker(again, 'volume', 'ls', '--quiet')).toBe('');
      expect(await docker(again, 'network', 'ls', '--filter', 'type=custom', '--quiet')).toBe('');
    } finally {
      await again.stop();
    }
  });

  test('pulls every image by its public name: the registry has it, and so has a registry without engine', async () => {
    const server = await startDocker();
    const alone = await startRegistry();
    try {
      for (const image of IMAGES) {
        for (const name of namesInRegistry(image)) {
          const [repository, tag] = name.split(':');
          for (const address of [server.registry, alone.address]) {
            const accept = 'application/vnd.docker.distribution.manifest.v2+json';
            const url = `http://${address}/v2/${repository}/manifests/${tag}`;
            expect([url, (await fetch(url, { headers: { accept } })).status]).toEqual([url, 200]);
          }
        }
      }
      // Docker Hub's names are asked from the registry as a mirror, others by the name of the registry.
      await docker(server, 'pull', '--quiet', 'debian:bookworm-slim');
      const copy = `${server.registry}/docker.io/library/debian:bookworm-slim`;
      expect(await docker(server, 'pull', '--quiet', copy)).toBe(copy);
    } finally {
      await Promise.all([server.stop(), alone.stop()]);
    }
  });

  testInFull('comes back after it was killed, with the data of its volumes', async () => {
    const server = await startDocker({ mode: 'exclusive' });
    try {
      const command = 'echo "$$ $(date +%s%N)" >> /data/starts; sync; exec sleep 600';
      await docker(
        server,
        ...[
          'run',
          '--detach',
          '--name',
          'testbed-spec-kept',
          '--restart',
          'always',
          '--volume',
          'testbed-spec:/data',
        ],
        ...['debian:bookworm-slim', 'sh', '-c', command],
      );
      const starts = async (): Promise<number> =>
        (await docker(server, 'exec', 'testbed-spec-kept', 'cat', '/data/starts')).split('\n').length;
      expect(await starts()).toBe(1);
      await server.kill();
      expect([...enginePids(), ...containerPids()]).toEqual([]);
      await expect(docker(server, 'ps')).rejects.toThrow(/Cannot connect to the Docker daemon/);
      await server.restart();
      for (let i = 0; i < 100; i += 1) {
        if ((await docker(server, 'ps', '--quiet')) !== '') break;
        await delay(50);
      }
      expect(await starts()).toBe(2);
    } finally {
      await server.stop();
    }
    expect(await left()).toEqual({ processes: [], mounts: [], bridges: [] });
  });

  testInFull(
    'ends when the process that started it is killed, and does not touch what listens beside it',
    async () => {
      const other = createServer((_request, response) => response.end('still here')).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const program = `require(${JSON.stringify(join(__dirname, '..', '..', 'dist', 'index.js'))})
      .startDocker({ mode: 'exclusive' }).then((server) => console.log(server.pid));`;
      const starter = spawn(process.execPath, ['-e', `${program}; setInterval(() => {}, 1000)`], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env },
      });
      const [printed] = (await once(starter.stdout, 'data')) as [Buffer];
      expect(enginePids()).toContain(Number(printed.toString()));
      starter.kill('SIGKILL');
      // Gets the engine, or a new one, only when nobody has it.
      const next = await startDocker({ mode: 'exclusive' });
      await next.stop();
      expect(await left()).toEqual({ processes: [], mounts: [], bridges: [] });
      other.close();
    },
  );
});
