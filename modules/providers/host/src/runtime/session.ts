import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { dataFolderUnusable } from '../errors';
import { checkOwner, chooseAccount, dropTo, grantFolder, homeOf, isRoot, type Account } from './account';
import { installerEnvironment } from './child-environment';
import { DataFolder } from './data-folder';
import { recordDataFolder } from './recorded-folder';

/** Where installers keep what they download when root has made the account of the processes. */
const SHARED_CACHE = '/var/cache/mlterra';

/** Settings of the caller's own home, of no use to another account. */
const OF_THE_CALLER =
  /^(XDG_|TMPDIR$|UV_CACHE_DIR$|PIP_CACHE_DIR$|PIP_CONFIG_FILE$|NETRC$|PYTHON|VIRTUAL_ENV)/;

/** Work on a data folder as the account of its processes. */
export interface Session {
  readonly data: DataFolder;
  readonly account: Account;
  /** Environment of pip and uv. */
  readonly installers: NodeJS.ProcessEnv;
}

/**
 * Prepares the data folder and becomes the account of its processes, for good. What root alone can do is done
 * by `asCaller`, before that.
 */
export async function openSession<T>(
  environmentDir: string,
  environment: string,
  asCaller: (data: DataFolder) => Promise<T>,
): Promise<Session & { readonly prepared: T }> {
  process.umask(0o022);
  const data = DataFolder.of(environmentDir, environment);
  const account = chooseAccount();
  const tools = process.env.MLTERRA_TOOLS_DIR;
  if (tools) process.env.MLTERRA_TOOLS_DIR = resolve(environmentDir, tools);
  recordDataFolder(environmentDir, data);
  grantFolder(data.root, account);
  if (tools) grantFolder(process.env.MLTERRA_TOOLS_DIR!, account);
  const dropped = isRoot();
  const cache = `${SHARED_CACHE}/${account.name}`;
  if (dropped) grantFolder(cache, account);
  const prepared = await asCaller(data);
  if (dropped) {
    dropTo(account);
    forgetCaller(cache);
  }
  process.umask(0o077);
  enter(data, account);
  const installers = installerEnvironment(homeOf(dropped, data.path('home')));
  return { data, account, installers, prepared };
}

/** Becomes the owner of a data folder that exists, for good. */
export function enterAsOwner(data: DataFolder, owner: Account): void {
  if (isRoot()) {
    dropTo(owner);
    forgetCaller(`${SHARED_CACHE}/${owner.name}`);
  }
  process.umask(0o077);
  enter(data, owner);
}

/** The folder a program starts in must be within its reach. */
function enter(data: DataFolder, account: Account): void {
  try {
    checkOwner(data.root, account);
    accessSync(data.root, constants.R_OK | constants.W_OK | constants.X_OK);
    process.chdir(data.root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    throw dataFolderUnusable(data.root, `the account "${account.name}" cannot reach it`);
  }
}

function forgetCaller(cache: string): void {
  for (const name of Object.keys(process.env)) if (OF_THE_CALLER.test(name)) delete process.env[name];
  process.env.UV_CACHE_DIR = `${cache}/uv`;
  process.env.PIP_CACHE_DIR = `${cache}/pip`;
}
