import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { accountUnusable, dataFolderOwned, dataFolderUnusable, dropFailed } from '../errors';

/** The account of processes when root names none. */
const SYSTEM_ACCOUNT = 'mlterra';

/** Whom processes run as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The account processes are to run as: the caller's own, and never root. */
export function chooseAccount(variables: NodeJS.ProcessEnv = process.env): Account {
  if (!isRoot()) return accountOf(process.getuid!());
  const named = variables.MLTERRA_HOST_USER;
  if (named) return ordinary(named, lookUp(named));
  const caller = variables.SUDO_USER;
  if (caller && caller !== 'root') return ordinary(caller, lookUp(caller));
  return ordinary(SYSTEM_ACCOUNT, lookUp(SYSTEM_ACCOUNT) ?? createSystemAccount());
}

/** The account with this user id. */
export function accountOf(uid: number): Account {
  return lookUp(String(uid)) ?? { name: String(uid), uid, gid: uid };
}

/**
 * Makes sure, as root, that `folder` exists and belongs to `account` alone. Never follows a link at its end,
 * and never takes a folder over from someone else.
 */
export function grantFolder(folder: string, account: Account): void {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(folder))
      throw dataFolderUnusable(folder, (error as Error).message);
    checkOwner(folder, account);
    return;
  }
  if (isRoot()) chownSync(folder, account.uid, account.gid);
}

/** Throws unless `folder` is a folder of `account`. */
export function checkOwner(folder: string, account: Account): void {
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw dataFolderUnusable(folder, 'it is not a folder');
  if (found.uid !== account.uid) throw dataFolderOwned(folder, accountOf(found.uid).name, account.name);
}

/** The account that a folder belongs to. */
export function ownerOf(folder: string): Account {
  const { uid, gid } = statSync(folder);
  return { ...accountOf(uid), gid };
}

/** Gives up the rights of root for good, and makes sure they cannot be had back. */
export function dropTo(account: Account): void {
  if (account.uid === 0) throw accountUnusable(account.name, 'it is root');
  // Missing from the types of Node.
  (process as unknown as { initgroups(user: string, group: number): void }).initgroups(
    account.name,
    account.gid,
  );
  process.setgid!(account.gid);
  process.setuid!(account.uid);
  const ids = [
    process.getuid!(),
    process.geteuid!(),
    process.getgid!(),
    process.getegid!(),
    ...process.getgroups!(),
  ];
  if (ids.includes(0) || process.getuid!() !== account.uid || canReturn()) throw dropFailed(account.name);
}

/** Home of the account as programs should see it. */
export function homeOf(dropped: boolean, fallback: string): string {
  const home = dropped ? undefined : homedir();
  return home !== undefined && existsSync(home) ? home : fallback;
}

function canReturn(): boolean {
  try {
    process.setuid!(0);
    return true;
  } catch {
    return false;
  }
}

function ordinary(name: string, account: Account | undefined): Account {
  if (account === undefined) throw accountUnusable(name, 'there is no such account');
  if (account.uid === 0 || account.gid === 0) throw accountUnusable(name, 'it has the rights of root');
  return account;
}

function lookUp(nameOrId: string): Account | undefined {
  const local = lookUpLocal(nameOrId);
  if (local) return local;
  try {
    const ask = (flag: string) =>
      execFileSync('id', [flag, nameOrId], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 30_000 });
    const [uid, gid, name] = ['-u', '-g', '-un'].map((flag) => ask(flag).toString().trim());
    return { name: name!, uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/** The file most accounts are in; saves starting three programs. */
function lookUpLocal(nameOrId: string): Account | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (uid !== undefined && (name === nameOrId || uid === nameOrId)) {
      return { name: name!, uid: Number(uid), gid: Number(gid) };
    }
  }
  return undefined;
}

function createSystemAccount(): Account | undefined {
  const args = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    SYSTEM_ACCOUNT,
  ];
  try {
    execFileSync('useradd', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
  } catch (error) {
    // Two runs may create it at once; whoever comes second finds it.
    const account = lookUp(SYSTEM_ACCOUNT);
    if (account) return account;
    const reason = String((error as { stderr?: Buffer }).stderr ?? '').trim() || (error as Error).message;
    throw accountUnusable(SYSTEM_ACCOUNT, `it does not exist and could not be created (${reason})`);
  }
  return lookUp(SYSTEM_ACCOUNT);
}
