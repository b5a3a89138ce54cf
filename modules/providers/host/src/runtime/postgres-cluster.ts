import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installFailed, postgresVersionChanged } from '../errors';
import type { DesiredProgram } from '../spec';
import { buildEnvironment, clearForBuild } from './build';
import { processEnvironment } from './child-environment';
import { lastOutput, runCommand } from './command';
import type { DataFolder } from './data-folder';
import { withLock } from './lock';

type PostgresProgram = DesiredProgram & { readonly kind: 'postgres' };

/** Deterministic and aware of Unicode, without the locales of the machine; servers before 17 lack it. */
const BUILTIN_LOCALE_SINCE = 17;

const INIT_SECONDS = 300;

/** Makes the data folder of a server, unless it is there. It is renamed into its place when it is complete. */
export async function ensureCluster(data: DataFolder, bin: string, program: PostgresProgram): Promise<void> {
  const folder = data.absolute(program.folder);
  if (existsSync(folder)) {
    const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
    if (found !== String(program.majorVersion))
      throw postgresVersionChanged(folder, found, program.majorVersion);
    return;
  }
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  await withLock(`${folder}.lock`, 'preparing a database server', async () => {
    if (existsSync(folder)) return;
    const draft = `${folder}.draft`;
    await clearForBuild(draft);
    console.log('Preparing the data folder of PostgreSQL');
    const locale =
      program.majorVersion >= BUILTIN_LOCALE_SINCE
        ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
        : ['--no-locale'];
    const args = [
      `--pgdata=${draft}`,
      `--username=${program.superuser}`,
      `--pwfile=${data.absolute(program.password)}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--data-checksums',
      ...locale,
    ];
    const result = await runCommand(join(bin, 'initdb'), args, {
      environment: buildEnvironment(draft, processEnvironment(data.path('home'))),
      cwd: data.root,
      timeoutSeconds: INIT_SECONDS,
    });
    if (result.code !== 0) throw installFailed('the data folder of PostgreSQL', lastOutput(result));
    renameSync(draft, folder);
  });
}

/** The server and its arguments: on loopback only, and without a socket in the file system. */
export function serverCommand(data: DataFolder, bin: string, program: PostgresProgram): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: program.port,
    unix_socket_directories: '',
  };
  return [
    join(bin, 'postgres'),
    '-D',
    data.absolute(program.folder),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}
