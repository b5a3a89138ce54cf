import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { accountOf, chooseAccount, grantFolder, isRoot } from './account';

const COMPILED = resolve(__dirname, '../../dist/runtime/account.js');

/** Runs a script in a process of its own: it may give up its rights. */
function run(script: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, [
    '--eval',
    `const account = require(${JSON.stringify(COMPILED)}); ${script}`,
  ]);
  return stdout.toString() + stderr.toString();
}

describe('the account of processes', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mlterra-account-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the caller, or an ordinary account that root names', () => {
    if (!isRoot()) {
      expect(chooseAccount({ MLTERRA_HOST_USER: 'nobody' }).uid).toBe(process.getuid!());
      return;
    }
    expect(chooseAccount({ MLTERRA_HOST_USER: 'nobody', SUDO_USER: 'daemon' }).name).toBe('nobody');
    expect(chooseAccount({ SUDO_USER: 'daemon' }).name).toBe('daemon');
    expect(chooseAccount({ SUDO_USER: 'root' }).name).toBe('mlterra');
    expect(() => chooseAccount({ MLTERRA_HOST_USER: 'root' })).toThrow(
      'Processes cannot run as the account "root": it has the rights of root.',
    );
    expect(() => chooseAccount({ MLTERRA_HOST_USER: 'nosuch' })).toThrow('there is no such account');
  });

  it('is never root, and cannot go back', () => {
    const nobody = JSON.stringify(accountOf(65534));
    const dropped = run(
      `account.dropTo(${nobody}); console.log(process.getuid() + ' ' + process.getgroups().includes(0)); process.setuid(0)`,
    );
    if (isRoot()) {
      expect(dropped).toContain('65534 false');
      expect(dropped).toContain('EPERM');
    } else {
      expect(dropped).toContain('EPERM');
    }
    expect(run('account.dropTo({ name: "root", uid: 0, gid: 0 })')).toContain(
      'Processes cannot run as the account "root": it is root.',
    );
  });

  it('gets folders of its own, and none of someone else', () => {
    const me = accountOf(process.getuid!());
    const own = join(folder, 'a/b');
    grantFolder(own, me);
    expect(() => grantFolder(own, me)).not.toThrow();
    symlinkSync('/tmp', join(folder, 'link'));
    expect(() => grantFolder(join(folder, 'link'), me)).toThrow('it is not a folder');
    const other = isRoot() ? own : '/';
    if (isRoot()) chownSync(own, 65534, 65534);
    expect(() => grantFolder(other, me)).toThrow(
      `The data folder ${other} belongs to ${isRoot() ? accountOf(65534).name : 'root'}, but processes are to run as ${me.name}.`,
    );
  });
});
