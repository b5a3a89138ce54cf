import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The workspace these sources are in. */
export const REPOSITORY = path.resolve(__dirname, '..', '..', '..', '..');

export interface NxResult {
  readonly code: number | null;
  /** What was printed to both streams. */
  readonly text: string;
}

/** A workspace in a temporary folder, with the node_modules of this one; types in its environments are not checked. */
export class TemporaryWorkspace {
  public readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-nx-')));

  public constructor() {
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(this.root, 'node_modules'));
    this.write(
      'package.json',
      JSON.stringify({ name: 'temporary', private: true, workspaces: ['environments/*'] }),
    );
    this.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: {} }));
    // Checking types takes seconds of every command, and is not what is tested with it.
    const unchecked = { noCheck: true, noResolve: true, lib: ['es5'], types: [] };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions: unchecked, files: [] }));
    this.write('.gitignore', 'node_modules\n.nx\ncdktf.out\n.mlterra\n');
    this.writeNxJson({});
  }

  public write(file: string, content: string): void {
    const target = path.join(this.root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  /** Writes an nx.json with the plugin and what is given. */
  public writeNxJson(more: object): void {
    this.write(
      'nx.json',
      JSON.stringify({ analytics: false, neverConnectToCloud: true, plugins: ['@mlterra/nx'], ...more }),
    );
  }

  public read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  /** Runs Nx in this workspace. */
  public nx(...args: readonly string[]): Promise<NxResult> {
    return runNx(this.root, args);
  }

  /** Runs Nx in a folder of this workspace. */
  public nxIn(folder: string, ...args: readonly string[]): Promise<NxResult> {
    return runNx(path.join(this.root, folder), args);
  }

  public remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Runs Nx in a folder, untouched by an Nx that this test may run under. */
export function runNx(cwd: string, args: readonly string[]): Promise<NxResult> {
  return startNx(cwd, args).ended;
}

/** An Nx that runs. */
export interface RunningNx {
  readonly ended: Promise<NxResult>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Nx starts a process for each plugin, which takes half of its time. In a terminal it runs as a person has it. */
const ONE_PROCESS = { NX_ISOLATE_PLUGINS: 'false' };

/** Starts Nx, as the leader of a process group; with a terminal, as a person has it, where one is wanted. */
export function startNx(cwd: string, args: readonly string[], { terminal = false } = {}): RunningNx {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|CI$|MLTERRA_|FORCE_COLOR$)/.test(name),
  );
  const nx = [process.execPath, path.join(REPOSITORY, 'node_modules/nx/dist/bin/nx.js'), ...args];
  const inTerminal = ['python3', '-c', 'import pty, sys; pty.spawn(sys.argv[1:])', ...nx];
  const [program, ...rest] = terminal ? inTerminal : nx;
  const child = spawn(program!, rest, {
    cwd,
    env: {
      ...Object.fromEntries(inherited),
      ...(terminal ? {} : ONE_PROCESS),
      NX_DAEMON: 'false',
      NO_COLOR: '1',
    },
    stdio: 'pipe',
    detached: true,
  });
  if (!terminal) child.stdin.end();
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<NxResult>((resolve) => child.on('close', (code) => resolve({ code, text })));
  const interrupt = (): void => {
    if (terminal) child.stdin.write('\x03');
    // What a terminal would do: everything that is in the group gets it.
    else process.kill(-child.pid!, 'SIGINT');
  };
  return { ended, interrupt };
}
