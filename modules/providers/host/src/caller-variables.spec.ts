/** @long */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portState } from './runtime/ports';
import type { DesiredProcess } from './spec';
import { Bench, freePort, shellProcess, until } from './testing/bench';

jest.setTimeout(300_000);

const SUPERUSER = 'secrets/dev/db/superuser';

/** Variables of a shell, each of which would make a program of ours do something else. */
const HARMFUL: NodeJS.ProcessEnv = {
  PIP_USER: '1',
  PIP_TARGET: '/nosuch/target',
  PIP_REQUIRE_VIRTUALENV: '1',
  PIP_NO_DEPS: '1',
  PIP_CONSTRAINT: '/nosuch/constraints.txt',
  UV_SYSTEM_PYTHON: '1',
  UV_PYTHON: '/nosuch/python',
  UV_CONSTRAINT: '/nosuch/constraints.txt',
  PYTHONPATH: '/nosuch/modules',
  PYTHONHOME: '/nosuch/home',
  PYTHONSTARTUP: '/nosuch/startup.py',
  VIRTUAL_ENV: '/nosuch/venv',
  CONDA_PREFIX: '/nosuch/conda',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGHOST: 'nosuch.example',
  PGSERVICE: 'nosuch',
  PGDATA: '/nosuch/data',
  PGREPLICATION: 'database',
  PGCLIENTENCODING: 'nosuch',
  PGCLIENT_ENCODING: 'nosuch',
  NODE_PG_FORCE_NATIVE: '1',
  TAR_OPTIONS: '--exclude=*',
  BASH_ENV: '/nosuch/env',
  SUPERVISOR_ENABLED: '1',
};

function server(port: number): DesiredProcess {
  return {
    ...shellProcess('postgres', ''),
    program: {
      kind: 'postgres',
      majorVersion: 18,
      superuser: 'postgres',
      password: SUPERUSER,
      folder: 'volumes/dev/db/server/data',
      port,
    },
    command: [],
    ports: [{ name: 'postgres', port }],
    probe: { kind: 'tcp', port, httpPath: '', startSeconds: 60 },
    stopGraceSeconds: 60,
  };
}

it('are not seen by the clients of an apply', () =>
  Bench.with(async (bench) => {
    const port = await freePort();
    // Its own tools, so that pip runs too.
    const variables = { ...HARMFUL, MLTERRA_TOOLS_DIR: join(bench.root, 'tools') };
    const seen = bench.data.path('seen');
    const desired = {
      processes: [
        server(port),
        shellProcess('first', `env >${seen}; exec sleep 1000`),
        shellProcess('second', 'exec sleep 1000', {
          program: { kind: 'python', requirements: ['uv==0.13.8'] },
        }),
      ],
      databases: ['one', 'two'].map((name) => ({
        name,
        password: `secrets/dev/db/${name}`,
        host: '127.0.0.1',
        port: String(port),
        superuser: 'postgres',
        superuserPassword: SUPERUSER,
      })),
      secrets: [SUPERUSER, 'secrets/dev/db/one', 'secrets/dev/db/two'].map((reference) => ({
        reference,
        length: 32,
      })),
    };
    const before = process.env.MLTERRA_TOOLS_DIR;
    process.env.MLTERRA_TOOLS_DIR = variables.MLTERRA_TOOLS_DIR;
    try {
      const run = await bench.reconcile('db', desired, variables);
      expect(run.error ?? run.code).toBe(0);
      expect(await bench.probe('db', ['postgres', 'first', 'second'])).toEqual([]);
      await until('the process has written', () => existsSync(seen));
      const names = readFileSync(seen, 'utf8')
        .split('\n')
        .map((line) => line.split('=')[0]!);
      expect(names.filter((name) => name in HARMFUL)).toEqual([]);
      expect(await bench.release('db', true)).toMatchObject({ left: [] });
      expect(await portState(port)).toBe('free');
    } finally {
      process.env.MLTERRA_TOOLS_DIR = before;
    }
  }));

it('are seen where they say from where packages come', () =>
  Bench.with(async (bench) => {
    const home = join(bench.root, 'wheels');
    mkdirSync(home);
    writeFileSync(join(home, 'README'), 'no wheels');
    const run = await bench.reconcile(
      'web',
      {
        processes: [
          shellProcess('server', '', { program: { kind: 'python', requirements: ['uv==0.13.8'] } }),
        ],
      },
      { UV_DEFAULT_INDEX: 'http://127.0.0.1:1/simple', UV_HTTP_RETRIES: '0', UV_NO_CACHE: '1' },
    );
    expect(run.error).toContain('Installing uv==0.13.8 failed:');
    expect(run.error).toContain('127.0.0.1:1/simple');
  }));
