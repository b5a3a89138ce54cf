import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../port';
import { startDocker } from './docker';
import { canRunDocker, findProgram } from './prerequisites';
import { IMAGES } from './stand-ins';

const run = promisify(execFile);
const fullTest = process.env['MLTERRA_TEST_FULL'] && canRunDocker() ? test : test.skip;

// An engine of this file's own: no other test uses it, and none waits for it.
process.env['MLTERRA_TESTBED_ENGINE'] = '7';
jest.setTimeout(600_000);

fullTest('the images of MLflow and PostgreSQL work together, each with a read-only root', async () => {
  const server = await startDocker({ mode: 'exclusive' });
  const docker = async (...args: readonly string[]): Promise<string> => {
    const env = { PATH: process.env['PATH'], DOCKER_HOST: server.host };
    return (await run(findProgram('docker') ?? 'docker', args, { env })).stdout.trim();
  };
  const named = (name: string): string =>
    `${server.registry}/${IMAGES.find((image) => image.includes(`/${name}:`))}`;
  try {
    await docker('network', 'create', 'images-spec');
    await docker(
      ...[
        'run',
        '--detach',
        '--name',
        'images-spec-db',
        '--network',
        'images-spec',
        '--read-only',
        '--user',
        '999',
      ],
      ...[
        '--tmpfs',
        '/tmp',
        '--tmpfs',
        '/var/run/postgresql:mode=1777',
        '--env',
        'POSTGRES_PASSWORD=for-this-test',
      ],
      ...['--env', 'POSTGRES_DB=tracking', '--env', 'POSTGRES_INITDB_ARGS=--data-checksums'],
      ...[named('postgres'), 'postgres', '-c', 'shared_buffers=32MB'],
    );
    const query = (sql: string): Promise<string> =>
      docker(
        ...[
          'exec',
          '--env',
          'PGPASSWORD=for-this-test',
          'images-spec-db',
          'psql',
          '--tuples-only',
          '--no-align',
        ],
        ...['--host', 'images-spec-db', '--username', 'postgres', '--dbname', 'tracking', '--command', sql],
      );
    let settings = '';
    for (let i = 0; i < 600 && settings === ''; i += 1) {
      settings = await query(
        "SELECT current_setting('shared_buffers'), current_setting('data_checksums')",
      ).catch(() => '');
      await delay(100);
    }
    expect(settings).toBe('32MB|on');

    const port = await freePort();
    const store = 'postgresql+psycopg2://postgres:for-this-test@images-spec-db/tracking';
    await docker(
      ...['run', '--detach', '--name', 'images-spec-mlflow', '--network', 'images-spec', '--read-only'],
      ...['--tmpfs', '/tmp', '--cap-drop', 'ALL', '--publish', `127.0.0.1:${port}:5000`],
      ...['--env', 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false', named('mlflow')],
      ...['mlflow', 'server', '--host', '0.0.0.0', '--workers', '1', '--backend-store-uri', store],
    );
    let health = '';
    for (let i = 0; i < 1200 && health === ''; i += 1) {
      health = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) }).then(
        (answer) => answer.text(),
        () => '',
      );
      await delay(100);
    }
    expect(health).toBe('OK');
    expect(await docker('exec', 'images-spec-mlflow', 'id', '-u')).toBe('65532');
    expect(await query('SELECT name FROM experiments')).toBe('Default');
  } finally {
    await server.stop();
  }
});
