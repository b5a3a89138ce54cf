import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatedSecrets, type NamedSecret } from '@mlterra/testing/canaries';
import { freePorts } from './free-ports';
import { kill, processesOf, processTree } from './processes';

const repository = join(__dirname, '..', '..', '..');
const cli = join(repository, 'packages', 'cli', 'dist', 'main.js');

/** Throws what a command printed, unless it succeeded. */
export function succeeded({ code, output }: Run): void {
  if (code !== 0) throw new Error(`exit code ${code}:\n${output}`);
}

/** What `--json` prints, as far as the tests look at it. */
export interface Result {
  readonly environments: readonly EnvironmentResult[];
  readonly engineSeconds: number;
}

export interface EnvironmentResult {
  readonly name: string;
  readonly stacks: readonly {
    readonly key: string;
    readonly status: string;
    readonly reasons: readonly string[];
    readonly error?: { readonly code: string; readonly message: string };
  }[];
  readonly notes: readonly string[];
  readonly services?: readonly {
    readonly name: string;
    readonly stage: string;
    readonly url: string;
    readonly username: string;
    readonly passwordFile: string;
  }[];
}

export interface Run {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  /** The environment in the JSON document; throws with the output where there is none. */
  readonly result: () => EnvironmentResult;
  /** Stack statuses by key. */
  readonly statuses: () => Record<string, string>;
}

export interface TemporaryWorkspaceProps {
  /** Absolute path of the environment's folder. */
  readonly environmentDir: string;
  /** Changes to the copy of `environment.ts`, beside those of its ports. @default - none */
  readonly change?: (source: string) => string;
  /** Variables of the command line tool, beside those of this process; undefined removes one. @default - none */
  readonly env?: NodeJS.ProcessEnv;
}

/** The file of a state, as far as secrets are read from it. */
interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** A number in `environment.ts` that is a port of this machine. */
const PORT = /\b(\w*Port): (\d+)/g;

/**
 * An environment in a workspace of its own, with its own ports and data folder, so that one which somebody has running
 * on this machine is not touched. Every `…Port: <number>` of its source becomes a free port.
 */
export class TemporaryWorkspace {
  /** The copy of the environment's folder. */
  public readonly environment: string;
  /** What ended runs of the command line tool printed. */
  public readonly printed: { readonly command: string; readonly output: string }[] = [];
  private readonly root: string;
  /** Runs of the command line tool that have not ended. */
  private readonly running = new Set<number>();
  /** Data of the host: not below the home folder of root, which other accounts cannot enter. */
  public readonly data = mkdtempSync(join(tmpdir(), 'mlterra-e2e-'));

  private constructor(
    private readonly props: TemporaryWorkspaceProps,
    /** The ports taken, by those in the source. */
    public readonly ports: Readonly<Record<string, number>>,
  ) {
    mkdirSync(join(repository, 'tmp'), { recursive: true });
    this.root = mkdtempSync(join(repository, 'tmp', 'e2e-'));
    this.environment = join(this.root, 'environments', basename(props.environmentDir));
  }

  public static async create(props: TemporaryWorkspaceProps): Promise<TemporaryWorkspace> {
    const { change = (text: string): string => text } = props;
    const source = change(readFileSync(join(props.environmentDir, 'environment.ts'), 'utf8'));
    const given = [...source.matchAll(PORT)].map(([, , port]) => port!);
    const free = await freePorts(given.length);
    const ports = Object.fromEntries(given.map((port, index) => [port, free[index]!]));
    const workspace = new TemporaryWorkspace(props, ports);
    workspace.fill(source.replace(PORT, (_, name: string, port: string) => `${name}: ${ports[port]}`));
    return workspace;
  }

  /** Changes environment.ts; returns what it was. */
  public edit(change: (source: string) => string): string {
    const file = join(this.environment, 'environment.ts');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, change(before));
    return before;
  }

  /** Runs the command line tool. */
  public async run(...args: readonly string[]): Promise<Run> {
    const child = this.start(args);
    return child.finished;
  }

  /** Runs the command line tool with more variables. */
  public async runWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Run> {
    return this.start(args, env).finished;
  }

  /** Runs the command line tool and kills it, and all that it started except the supervisor, after a while. */
  public async runAndKill(milliseconds: number, ...args: readonly string[]): Promise<Run> {
    const { pid, finished } = this.start(args);
    await Promise.race([sleep(milliseconds), finished]);
    // The supervisor has left the tree of the run: it outlives it, as it does for a person.
    kill(processTree(pid));
    return finished;
  }

  /** Secrets that Terraform made, in the local states of the environment. */
  public secrets(): readonly NamedSecret[] {
    const folder = join(this.environment, '.mlterra', 'state');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.tfstate'))
      .flatMap((file) => {
        const { resources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as State;
        const flat = resources.flatMap(({ type, name, instances }) =>
          instances.map(({ attributes }) => ({ address: `${type}.${name}`, type, values: attributes })),
        );
        return generatedSecrets([{ key: file.replace(/\.tfstate$/, ''), resources: flat }]);
      });
  }

  /** Processes that belong to the data folder. */
  public processes(): readonly { readonly pid: number; readonly command: string }[] {
    return processesOf(this.data);
  }

  /** Ends every process of the environment at once, as a power failure does. */
  public killEverything(): void {
    for (let left = processesOf(this.data); left.length > 0; left = processesOf(this.data)) kill(left);
  }

  /** Runs `supervisorctl` on the environment's supervisor, as a person would. */
  public supervisorctl(...args: readonly string[]): string {
    const command = processesOf(this.data)
      .map((one) => /^(\S*python\S*) (\S+\/bin\/)supervisord --configuration (\S+)/.exec(one.command))
      .find((match) => match !== null);
    if (!command) throw new Error('no supervisor runs');
    const run = spawnSync(`${command[2]}supervisorctl`, ['--configuration', command[3]!, ...args], {
      encoding: 'utf8',
    });
    return `${run.stdout}${run.stderr}`;
  }

  public remove(): void {
    // A test that is interrupted leaves a run, which would go on writing.
    for (const pid of this.running) kill(processTree(pid));
    this.killEverything();
    for (const folder of [this.root, this.data]) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  }

  private fill(source: string): void {
    mkdirSync(this.environment, { recursive: true });
    chmodSync(this.data, 0o755);
    symlinkSync(join(repository, 'node_modules'), join(this.root, 'node_modules'), 'dir');
    copyFileSync(join(repository, 'tsconfig.base.json'), join(this.root, 'tsconfig.base.json'));
    writeFileSync(
      join(this.root, 'package.json'),
      JSON.stringify({ name: 'e2e', private: true, workspaces: ['environments/*'] }),
    );
    writeFileSync(join(this.environment, 'environment.ts'), source);
    for (const file of ['package.json', 'tsconfig.json', '.terraform.lock.hcl']) {
      const from = join(this.props.environmentDir, file);
      if (existsSync(from)) copyFileSync(from, join(this.environment, file));
    }
  }

  private start(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): { readonly pid: number; readonly finished: Promise<Run> } {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: this.environment,
      env: { ...process.env, MLTERRA_DATA_DIR: this.data, ...this.props.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid!;
    this.running.add(pid);
    let [stdout, output] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const finished = new Promise<Run>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => this.running.delete(pid));
      child.once('close', (code) => {
        const result = (): EnvironmentResult => {
          try {
            return (JSON.parse(stdout) as Result).environments[0]!;
          } catch {
            throw new Error(`mlterra ${args.join(' ')} printed no result (exit code ${code}):\n${output}`);
          }
        };
        this.printed.push({ command: args.join(' '), output });
        resolve({
          code,
          output,
          result,
          statuses: () => Object.fromEntries(result().stacks.map(({ key, status }) => [key, status])),
        });
      });
    });
    return { pid, finished };
  }
}
