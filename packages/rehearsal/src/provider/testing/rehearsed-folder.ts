import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DriftFault } from '../../faults';
import { keptBeside } from '../../run/state-values';
import type { ProviderSchema } from '../../schema/model';
import type { ProviderServers, ServeOptions } from '../provider-server';
import { serveProviders } from '../serve-providers';

const execute = promisify(execFile);

export interface TerraformOutput {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PlannedChange {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly afterUnknown: Record<string, unknown>;
  readonly importing: boolean;
}

interface ShownChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
    readonly after_unknown: Record<string, unknown>;
    readonly importing?: object;
  };
}

/** A folder with one Terraform configuration, and the providers of this package serving it. */
export class RehearsedFolder {
  readonly servers: ProviderServers;
  private readonly sources: readonly string[];

  static async start(
    schemas: readonly ProviderSchema[],
    options: Omit<ServeOptions, 'socketDir'> = {},
  ): Promise<RehearsedFolder> {
    const base = mkdtempSync(join(realpathSync(tmpdir()), 'mlr-'));
    const servers = await serveProviders(schemas, { ...options, socketDir: base });
    return new RehearsedFolder(
      base,
      servers,
      schemas.map((schema) => schema.source),
    );
  }

  private constructor(
    readonly base: string,
    servers: ProviderServers,
    sources: readonly string[],
  ) {
    this.servers = servers;
    this.sources = sources;
    mkdirSync(join(base, 'work'), { recursive: true });
  }

  /** Writes one more file of the configuration. */
  add(name: string, config: Readonly<Record<string, unknown>>): void {
    writeFileSync(join(this.base, 'work', `${name}.tf.json`), JSON.stringify(config, null, 1));
  }

  /** The state of another stack, which has no outputs. */
  addStateWithoutOutputs(name: string): void {
    const state = {
      version: 4,
      terraform_version: '1.5.0',
      serial: 1,
      lineage: 'other',
      outputs: {},
      resources: [],
    };
    writeFileSync(join(this.base, 'work', name), JSON.stringify(state));
  }

  /** Writes a configuration in JSON; the providers are declared already. */
  write(config: Readonly<Record<string, unknown>>): void {
    const required = Object.fromEntries(
      this.sources.map((source) => [source.split('/').at(-1)!, { source }]),
    );
    this.add('main', { terraform: { required_providers: required }, ...config });
  }

  async init(): Promise<void> {
    await this.must('init', '-backend=false');
  }

  async plan(...args: readonly string[]): Promise<PlannedChange[]> {
    await this.must('plan', '-out=plan', ...args);
    const shown = JSON.parse(await this.must('show', '-json', 'plan')) as {
      resource_changes?: readonly ShownChange[];
    };
    return (shown.resource_changes ?? []).map((change: ShownChange) => ({
      address: change.address,
      actions: change.change.actions,
      before: change.change.before,
      after: change.change.after,
      afterUnknown: change.change.after_unknown,
      importing: change.change.importing !== undefined,
    }));
  }

  /** What the plan would do, without what it leaves alone. */
  async changes(...args: readonly string[]): Promise<string[]> {
    const planned = await this.plan(...args);
    return planned
      .filter((change) => change.actions.join() !== 'no-op' || change.importing)
      .map((change) => `${change.importing ? 'import, ' : ''}${change.actions.join('+')} ${change.address}`);
  }

  async apply(...args: readonly string[]): Promise<string> {
    return this.must('apply', '-auto-approve', ...args);
  }

  async destroy(): Promise<string> {
    return this.must('destroy', '-auto-approve');
  }

  /** Values of every resource in the state, by address. */
  async state(): Promise<Record<string, Record<string, unknown>>> {
    const shown = JSON.parse(await this.must('show', '-json'));
    const resources: readonly { address: string; values: Record<string, unknown> }[] =
      shown.values?.root_module?.resources ?? [];
    return Object.fromEntries(resources.map((resource) => [resource.address, resource.values]));
  }

  /** Has somebody change the resource at the address of a fault. */
  drift(fault: DriftFault): void {
    const kept = keptBeside(join(this.base, 'work', 'terraform.tfstate'), fault.address);
    if (kept === undefined) throw new Error(`The state has no ${fault.address}.`);
    this.servers.locate(fault, kept);
  }

  /** Applies, and returns what Terraform accepts only because the providers say that they are old. */
  async tolerated(): Promise<string[]> {
    const { stdout, stderr, ok } = await this.run(['apply', '-auto-approve'], { TF_LOG: 'WARN' });
    if (!ok) throw new Error(`terraform apply\n${stdout}\n${stderr}`);
    let about = '';
    return stderr.split('\n').flatMap((line) => {
      about = /produced an? .* for "?([\w.]+)"?, but we are tolerating/.exec(line)?.[1] ?? about;
      const problem = /^ +- (\..*)/.exec(line)?.[1];
      return problem === undefined ? [] : [`${about}${problem}`];
    });
  }

  async must(...args: readonly string[]): Promise<string> {
    const result = await this.terraform(...args);
    if (!result.ok) throw new Error(`terraform ${args.join(' ')}\n${result.stdout}\n${result.stderr}`);
    return result.stdout;
  }

  async terraform(...args: readonly string[]): Promise<TerraformOutput> {
    return this.run(args);
  }

  private async run(
    [command, ...rest]: readonly string[],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<TerraformOutput> {
    const all = [
      command!,
      ...(command === 'show' || command === 'validate' ? [] : ['-input=false']),
      '-no-color',
      ...rest,
    ];
    const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
    const options = {
      cwd: join(this.base, 'work'),
      env: { ...env, TF_REATTACH_PROVIDERS: this.servers.reattach, CHECKPOINT_DISABLE: '1', ...variables },
      maxBuffer: 1 << 28,
    };
    try {
      return { ok: true, ...(await execute('terraform', all, options)) };
    } catch (thrown) {
      const { stdout, stderr, message } = thrown as Error & { stdout?: string; stderr?: string };
      return { ok: false, stdout: stdout ?? '', stderr: stderr ?? message };
    }
  }

  /** The same folder, served by other providers. */
  async restart(schemas: readonly ProviderSchema[]): Promise<RehearsedFolder> {
    await this.servers.stop();
    const servers = await serveProviders(schemas, { socketDir: this.base });
    return new RehearsedFolder(this.base, servers, this.sources);
  }

  async stop(): Promise<void> {
    await this.servers.stop();
    rmSync(this.base, { recursive: true, force: true });
  }
}
