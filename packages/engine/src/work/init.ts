import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { hashValue } from '../digest/digest';
import { modulesHash } from '../inputs/modules-hash';
import { withFileLock } from '../locks/file-lock';
import { engineError } from '../terraform/diagnostics';
import type { EngineBinary } from '../terraform/engine-binary';
import { runEngine } from '../terraform/run-engine';
import type { TerraformConfig } from '../synth/synthesize';
import { requiredProviders, type ProviderLock } from './provider-lock';

export interface InitOptions {
  readonly engine: EngineBinary;
  readonly cwd: string;
  readonly config: TerraformConfig;
  readonly lock?: ProviderLock;
  readonly onLine?: (line: string) => void;
}

/**
 * Initialises a working folder, unless it was initialised for the same engine, backend, providers, modules and lock
 * before. Provider packages come from a cache that all environments share; Terraform must not fill it from
 * two processes at once, so inits that need packages go one after the other.
 */
export async function ensureInit(options: InitOptions): Promise<void> {
  const { engine, cwd, config, lock } = options;
  const modules = modulesHash(config, cwd);
  const providers = requiredProviders(config);
  const marker = path.join(cwd, '.terraform', 'mlterra-init');
  const wanted = hashValue({
    engine,
    terraform: config['terraform'] ?? {},
    ...(modules === undefined ? {} : { modules }),
    provider: providers.map((address) => lock?.entries.get(address) ?? ''),
  });
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  // What was fetched from a path is not fetched again otherwise.
  rmSync(path.join(cwd, '.terraform', 'modules'), { recursive: true, force: true });
  const args = ['init', '-input=false', '-no-color', '-reconfigure'];
  if (lock !== undefined && providers.length > 0) args.push('-lockfile=readonly');
  const init = (env?: NodeJS.ProcessEnv) => runEngine(engine, args, { cwd, env, onLine: options.onLine });
  const run = providers.length === 0 ? await init() : await withPluginCache(init);
  if (run.code !== 0) throw engineError('terraform init', run.diagnostics, run.log);
  mkdirSync(path.dirname(marker), { recursive: true });
  writeFileSync(marker, wanted);
}

/** Runs an init with the cache of provider packages, alone. */
export async function withPluginCache<T>(init: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const cache =
    process.env['TF_PLUGIN_CACHE_DIR'] ??
    path.join(
      process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
      'mlterra',
      'terraform-plugins',
    );
  mkdirSync(cache, { recursive: true });
  return withFileLock(path.join(cache, '.mlterra.lock'), () => init({ TF_PLUGIN_CACHE_DIR: cache }));
}
