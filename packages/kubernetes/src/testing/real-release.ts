import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  defineEnvironment,
  exportOutputs,
  localState,
  type KubernetesCluster,
  type Stack,
} from '@mlterra/core';
import { helmBinary, terraformCliConfig, type KubernetesServer } from '@mlterra/testbed';
import { KubernetesRenderer } from '../index';

const run = promisify(execFile);

/** A chart with a program that keeps data, and a ConfigMap. */
export const ECHO_CHART = { repository: 'https://charts.example.org', name: 'echo', version: '1.0.0' };

/** The stack `demo/dev/tool` on a real cluster, applied by Terraform alone. */
export class RealRelease {
  /** What the stack tells its hooks. */
  public hookData: unknown;

  private constructor(
    private readonly server: KubernetesServer,
    /** Its own, removed at the end. */
    public readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  public static async on(server: KubernetesServer): Promise<RealRelease> {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-release-'));
    const charts = join(folder, 'charts');
    mkdirSync(charts);
    await run(await helmBinary(), [
      'package',
      join(__dirname, '../../testing/echo-chart'),
      '--destination',
      charts,
    ]);
    const env = {
      ...process.env,
      MLTERRA_CHART_MIRROR: charts,
      TF_CLI_CONFIG_FILE: await terraformCliConfig('helm', 'random'),
      TF_PLUGIN_CACHE_DIR: undefined,
    };
    return new RealRelease(server, folder, env);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Synthesises the stack, and lets Terraform make it so. */
  public async apply(
    build: (stack: Stack, cluster: KubernetesCluster) => void,
    ...args: readonly string[]
  ): Promise<void> {
    this.synth(build);
    await this.terraform('init', '-input=false');
    await this.terraform('apply', '-auto-approve', '-input=false', ...args);
  }

  public async destroy(): Promise<void> {
    await this.terraform('destroy', '-auto-approve', '-input=false');
  }

  /** Standard output of kubectl. */
  public async kubectl(...args: readonly string[]): Promise<string> {
    const { kubeconfig } = this.server;
    const { stdout } = await run(join(dirname(kubeconfig), 'bin', 'kubectl'), [...args], {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  }

  /** Has Helm upgrade the chart, which takes for ever, and kills it. */
  public async interruptUpgrade(): Promise<void> {
    const chart = join(this.folder, 'charts', 'echo-1.0.0.tgz');
    const upgrade = execFile(
      await helmBinary(),
      ['upgrade', 'echo', chart, '--namespace', 'dev-tool', '--reuse-values', '--set', 'slow=true'],
      { env: { ...process.env, KUBECONFIG: this.server.kubeconfig } },
    );
    while (upgrade.exitCode === null && !(await this.isUpgrading()));
    upgrade.kill('SIGKILL');
  }

  private async isUpgrading(): Promise<boolean> {
    const selector = 'owner=helm,status=pending-upgrade';
    return (await this.kubectl('get', 'secrets', '-n', 'dev-tool', '-l', selector, '-o', 'name')) !== '';
  }

  private synth(build: (stack: Stack, cluster: KubernetesCluster) => void): void {
    const { kubeconfig, context } = this.server;
    const outdir = join(this.folder, 'out');
    const environment = defineEnvironment({
      name: 'demo',
      backend: localState(),
      stages: { dev: { profile: 'development', settings: undefined } },
      build: (stage) => {
        const stack = stage.stack('tool');
        const access = { kubeconfig, ...exportOutputs(stack, { context }) };
        const cluster = new KubernetesRenderer({
          access,
          kubeconfig: { kubeconfig, context },
          schedulingSeconds: 60,
        });
        build(stack, cluster);
        this.hookData = stack.hooks[0]!.data;
      },
    });
    const mirror = process.env.MLTERRA_CHART_MIRROR;
    process.env.MLTERRA_CHART_MIRROR = this.env.MLTERRA_CHART_MIRROR;
    try {
      environment.build(outdir).synth();
    } finally {
      if (mirror === undefined) delete process.env.MLTERRA_CHART_MIRROR;
      else process.env.MLTERRA_CHART_MIRROR = mirror;
    }
    cpSync(join(outdir, 'stacks', 'dev-tool'), this.workingFolder, { recursive: true });
  }

  /** Not that of CDKTF, which starts anew with each synthesis. */
  private get workingFolder(): string {
    return join(this.folder, 'a', 'b', 'dev-tool');
  }

  private async terraform(...args: readonly string[]): Promise<void> {
    try {
      await run('terraform', [...args, '-no-color'], {
        cwd: this.workingFolder,
        env: this.env,
        maxBuffer: 16 * 1024 * 1024,
      });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`terraform ${args[0]}: ${stdout}${stderr}`, { cause: error });
    }
  }
}
