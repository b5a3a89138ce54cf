import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { folderUnusable } from './errors';

const ROOM_BYTES = 16 * 1024 * 1024;

/** Compiled, as it runs in a process of its own: of this package, from its sources as well. */
const JANITOR = path.resolve(__dirname, '../../dist/run/janitor.js');

/**
 * The temporary folder of one rehearsal, which only its owner can enter. A janitor, a small process in a session of its
 * own, waits for the end of this process: however it ends, Terraform is ended and the folder removed.
 */
export class RehearsalFolder {
  private kept = false;

  private constructor(
    public readonly path: string,
    private readonly janitor: ChildProcess,
  ) {}

  /** @throws MlterraError when the folder for temporary files is read-only or full */
  public static create(parent = tmpdir()): RehearsalFolder {
    let folder: string | undefined;
    try {
      const { bavail, bsize } = statfsSync(parent);
      if (bavail * bsize < ROOM_BYTES) throw folderUnusable(parent, 'it is full');
      // Short, because paths of sockets are limited to some hundred bytes.
      folder = mkdtempSync(path.join(realpathSync(parent), 'mlr-'));
      for (const name of ['s', 'work', 'state']) mkdirSync(path.join(folder, name));
      writeFileSync(path.join(folder, 'terraform.rc'), '');
    } catch (error) {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code?.startsWith('rehearsal-') === true) throw error;
      throw folderUnusable(parent, why(code), error);
    }
    const janitor = spawn(process.execPath, [JANITOR, folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: {},
    });
    janitor.on('error', () => undefined);
    janitor.stdin.on('error', () => undefined);
    janitor.unref();
    (janitor.stdin as unknown as { unref(): void }).unref();
    return new RehearsalFolder(folder, janitor);
  }

  /** Folder for the sockets of providers. */
  public get sockets(): string {
    return path.join(this.path, 's');
  }

  /** A configuration of Terraform's command line that says nothing. */
  public get cliConfig(): string {
    return path.join(this.path, 'terraform.rc');
  }

  /** A configuration of Terraform's command line for real providers. @default - that of the user */
  public get realCliConfig(): string | undefined {
    const file = path.join(this.path, 'real.rc');
    return existsSync(file) ? file : undefined;
  }

  public writeRealCliConfig(text: string): void {
    if (text !== '') writeFileSync(path.join(this.path, 'real.rc'), text);
  }

  /** Folder of one stack, e.g. for `dev-network`. */
  public work(id: string): string {
    return path.join(this.path, 'work', id);
  }

  /** File of the state with a key. */
  public state(key: string): string {
    return path.join(this.path, 'state', `${key}.tfstate`);
  }

  /** Has the janitor end a process if this one ends before it. */
  public watch(pid: number): void {
    this.janitor.stdin!.write(`${pid}\n`);
  }

  /** The folder stays when the rehearsal is over. */
  public keep(): void {
    this.kept = true;
    this.janitor.stdin!.write('keep\n');
  }

  public close(): void {
    if (!this.kept) rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
    this.janitor.stdin!.end();
  }
}

function why(code: string | undefined): string {
  switch (code) {
    case 'EROFS':
      return 'it is read-only';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write to it';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'it is full';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'it does not exist';
    default:
      return `it cannot be written (${code ?? 'unknown reason'})`;
  }
}
