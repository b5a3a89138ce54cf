import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HookContext, ReleaseReport } from '@mlterra/core';
import { parseChildError } from '@mlterra/core/errors';
import { hooks } from '../hooks';
import { isRoot } from '../runtime/account';
import { DataFolder } from '../runtime/data-folder';
import { stacksWithProcesses } from '../runtime/release';
import { findTools } from '../runtime/tools';
import type { DesiredProcess, DesiredStack } from '../spec';

const WORKSPACE = resolve(__dirname, '../../../../..');

/** One installation of the supervisor for all tests, of a kind that the account of the processes can reach. */
const TOOLS = isRoot() ? '/var/cache/mlterra/test-tools' : join(homedir(), '.cache/mlterra/test-tools');

export interface Run {
  readonly code: number;
  readonly output: string;
  /** Message of the error for people. */
  readonly error?: string;
}

/** An environment folder in a workspace of its own, and a data folder. To be closed. */
export class Bench {
  public readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'mlterra-host-')));
  public readonly environmentDir = join(this.root, 'environments', 'bench');
  /** What the processes of the test are started with. */
  public readonly variables: NodeJS.ProcessEnv;

  private constructor() {
    // The account of the processes must be able to come by.
    chmodSync(this.root, 0o755);
    mkdirSync(this.environmentDir, { recursive: true });
    symlinkSync(join(WORKSPACE, 'node_modules'), join(this.root, 'node_modules'));
    this.variables = { ...process.env, MLTERRA_DATA_DIR: join(this.root, 'data'), MLTERRA_TOOLS_DIR: TOOLS };
    delete this.variables.SUDO_USER;
    process.env.MLTERRA_TOOLS_DIR = TOOLS;
  }

  /** Runs a test on a bench of its own. */
  public static async with(test: (bench: Bench) => Promise<void>): Promise<void> {
    const bench = new Bench();
    try {
      await test(bench);
    } finally {
      await bench.close();
    }
  }

  public get data(): DataFolder {
    return DataFolder.of(this.environmentDir, 'bench', this.variables);
  }

  public context(stack: string, processes: readonly string[] = []): HookContext {
    return {
      environment: 'bench',
      stage: 'dev',
      stack,
      environmentDir: this.environmentDir,
      data: { processes },
    };
  }

  /** Runs the reconciler as Terraform does. */
  public async reconcile(
    stack: string,
    desired: Partial<DesiredStack>,
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Run> {
    const child = this.startReconciler(stack, desired, variables);
    let output = '';
    child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number>((done) => child.on('close', (exit) => done(exit ?? -1)));
    const error = parseChildError(output)?.message;
    return { code, output, ...(error !== undefined && { error }) };
  }

  public startReconciler(
    stack: string,
    desired: Partial<DesiredStack>,
    variables: NodeJS.ProcessEnv = {},
  ): ChildProcess {
    const cwd = join(this.environmentDir, '.mlterra', 'stacks', `dev-${stack}`);
    mkdirSync(cwd, { recursive: true });
    const whole: DesiredStack = { processes: [], secrets: [], folders: [], databases: [], ...desired };
    return spawn(process.execPath, ['--eval', "require('@mlterra/host/reconcile').main()"], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...this.variables,
        ...variables,
        MLTERRA_HOST_STACK: `bench/dev/${stack}`,
        MLTERRA_HOST_DESIRED: gzipSync(JSON.stringify(whole)).toString('base64'),
      },
    });
  }

  public async probe(stack: string, processes: readonly string[]): Promise<string[]> {
    const findings = await hooks.probe!(this.context(stack, processes));
    return findings.map(({ address, problem }) => `${address}: ${problem}`);
  }

  public release(stack: string, purge = false): Promise<ReleaseReport> {
    return hooks.release!({ ...this.context(stack), purge });
  }

  public log(stack: string, process: string): string {
    const file = this.data.logFile({ stage: 'dev', stack }, process);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** What a person does by hand. */
  public supervisorctl(...args: readonly string[]): string {
    const program = join(findTools(this.data)!.bin, 'supervisorctl');
    const config = this.data.path('supervisor', 'supervisord.conf');
    return spawnSync(program, ['--configuration', config, ...args]).stdout.toString();
  }

  private async close(): Promise<void> {
    for (const stack of stacksWithProcesses(this.data, 'bench', 'dev')) await this.release(stack, true);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A process that answers with the text `says` on a port, in Python of the machine. */
export function webProcess(
  name: string,
  port: number,
  says: string,
  changes: Partial<DesiredProcess> = {},
): DesiredProcess {
  const program = [
    'import os, http.server',
    'class Handler(http.server.BaseHTTPRequestHandler):',
    '  def do_GET(self):',
    '    self.send_response(200); self.end_headers()',
    '    self.wfile.write(f"{os.environ[\'SAYS\']} {os.getpid()} {os.getuid()}".encode())',
    '  def log_message(self, *args): pass',
    `http.server.HTTPServer(("127.0.0.1", ${port}), Handler).serve_forever()`,
  ].join('\n');
  return {
    ...shellProcess(name, ''),
    command: [['python'], ['-c'], [program]],
    variables: [{ name: 'SAYS', value: [says] }],
    ports: [{ name: 'http', port }],
    probe: { kind: 'http', port, httpPath: '/', startSeconds: 20 },
    ...changes,
  };
}

/** A process that runs a shell script. */
export function shellProcess(
  name: string,
  script: string,
  changes: Partial<DesiredProcess> = {},
): DesiredProcess {
  return {
    name,
    program: { kind: 'python', requirements: [] },
    command: [
      ['python'],
      ['-c'],
      ['import os, sys; os.execv("/bin/sh", ["sh", "-c", sys.argv[1]])'],
      [script],
    ],
    variables: [],
    files: [],
    volumes: [],
    ports: [],
    probe: { kind: 'none', port: 0, httpPath: '', startSeconds: 20 },
    stopGraceSeconds: 5,
    logBackups: 3,
    ...changes,
  };
}

export interface Answer {
  readonly says: string;
  readonly pid: number;
  readonly uid: number;
}

/** What a {@link webProcess} answers; undefined when nothing does. */
export async function askWeb(port: number): Promise<Answer | undefined> {
  try {
    const body = await (
      await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })
    ).text();
    const [says, pid, uid] = body.split(' ');
    return { says: says!, pid: Number(pid), uid: Number(uid) };
  } catch {
    return undefined;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`it never came to it that ${what}`);
}
