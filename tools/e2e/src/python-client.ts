import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Beside `src` and `dist`. */
const SCRIPTS = join(__dirname, '..', 'scripts');

export interface Login {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** What a script found; scripts print it as the last line. */
export interface Found {
  readonly run: string;
  readonly model: string;
  readonly accuracy: number;
  readonly predictions: readonly number[];
}

/** A user's Python, with MLflow and scikit-learn, that reaches the server over HTTP only. */
export class PythonClient {
  private readonly python: string;

  /** @param mlflowVersion version of the client, made on first use */
  public constructor(mlflowVersion: string) {
    const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
    const folder = join(cache, 'mlterra', 'e2e', `mlflow-${mlflowVersion}`);
    this.python = join(folder, 'bin', 'python');
    if (!existsSync(join(folder, 'complete'))) this.install(folder, mlflowVersion);
  }

  /** Runs one of the scripts, which reach the server over HTTP only. */
  public run(script: 'train.py' | 'read_back.py', login: Login, ...args: readonly string[]): Found {
    const output = execFileSync(this.python, [join(SCRIPTS, script), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOME: dirname(dirname(dirname(this.python))),
        MLFLOW_TRACKING_URI: login.url,
        MLFLOW_TRACKING_USERNAME: login.username,
        MLFLOW_TRACKING_PASSWORD: login.password,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        // The server would send it to its object store, which only the server reaches.
        MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: 'false',
        MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'false',
      },
    });
    return JSON.parse(output.trimEnd().split('\n').at(-1)!) as Found;
  }

  private install(folder: string, mlflowVersion: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    const run = (program: string, ...args: string[]): unknown =>
      execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    run(process.env.MLTERRA_PYTHON ?? 'python3', '-m', 'venv', folder);
    run(this.python, '-m', 'pip', 'install', '--quiet', 'uv');
    run(
      join(folder, 'bin', 'uv'),
      'pip',
      'install',
      '--quiet',
      '--python',
      this.python,
      `mlflow==${mlflowVersion}`,
    );
    writeFileSync(join(folder, 'complete'), '');
  }
}
