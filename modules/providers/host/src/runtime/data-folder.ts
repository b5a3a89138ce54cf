import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataFolderUnusable } from '../errors';

/** Linux allows 107 bytes for a socket's path; the supervisor first makes one with its process id appended. */
const MAX_SOCKET_BYTES = 90;

/** Paths go into supervisor configuration, shebangs and URIs, which each have characters of their own. */
const SAFE_PATH = /^[\p{L}\p{N}/._@+~-]+$/u;

export interface StackName {
  readonly environment: string;
  readonly stage: string;
  readonly stack: string;
}

/** Where everything of one environment lies on this machine. */
export class DataFolder {
  public constructor(
    public readonly root: string,
    public readonly environment: string,
  ) {
    if (!SAFE_PATH.test(root)) {
      throw dataFolderUnusable(root, 'its path has other characters than letters, digits and / . _ - + @ ~');
    }
  }

  /** The data folder of the environment in `environmentDir`; need not exist. */
  public static of(
    environmentDir: string,
    environment: string,
    variables: NodeJS.ProcessEnv = process.env,
  ): DataFolder {
    return new DataFolder(join(dataParent(environmentDir, variables), environment), environment);
  }

  public path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** A path that was kept relative to this folder. */
  public absolute(reference: string): string {
    const path = resolve(this.root, reference);
    if (!path.startsWith(`${this.root}/`))
      throw dataFolderUnusable(this.root, `${reference} lies outside of it`);
    return path;
  }

  public get configFolder(): string {
    return this.path('supervisor', 'conf.d');
  }

  public processesOf(name: Pick<StackName, 'stage' | 'stack'>): string {
    return this.path('processes', name.stage, name.stack);
  }

  public logsOf(name: Pick<StackName, 'stage' | 'stack'>): string {
    return this.path('logs', name.stage, name.stack);
  }

  public logFile(name: Pick<StackName, 'stage' | 'stack'>, process: string): string {
    return join(this.logsOf(name), `${process}.log`);
  }

  /** Folder of the supervisor's socket: short, whatever the data folder is. */
  public get runtimeFolder(): string {
    const inside = this.path('supervisor');
    if (Buffer.byteLength(join(inside, 'supervisor.sock')) <= MAX_SOCKET_BYTES) return inside;
    return join('/tmp', `mlterra-${digest(this.root)}`);
  }

  public get socket(): string {
    return join(this.runtimeFolder, 'supervisor.sock');
  }

  public get pidFile(): string {
    return this.path('supervisor', 'supervisor.pid');
  }
}

function dataParent(environmentDir: string, variables: NodeJS.ProcessEnv): string {
  if (variables.MLTERRA_DATA_DIR) return resolve(environmentDir, variables.MLTERRA_DATA_DIR);
  const real = realpathSync(environmentDir);
  if (process.getuid?.() !== 0) return join(real, '.mlterra', 'host');
  return join('/var/lib/mlterra', digest(real));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
