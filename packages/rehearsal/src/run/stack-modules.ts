import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  engineError,
  factsOfFiles,
  moduleFiles,
  readInstalledModules,
  runEngine,
  writeAssets,
  type EngineBinary,
  type ModuleFacts,
  type SynthesizedStack,
  type TerraformConfig,
} from '@mlterra/engine/parts';
import { harmless, OVERRIDE_FILE } from './override';
import type { RehearsalFolder } from './rehearsal-folder';

/** What the modules of a stack add to a rehearsal. */
export interface StackModules {
  /** Providers and types that they use, each as a configuration. */
  readonly configs: readonly TerraformConfig[];
  /** Resources that Terraform itself does not destroy. */
  readonly protectedResources: readonly string[];
}

/**
 * Has the engine fetch the modules of a stack into its folder, and overrides there what must not happen in a rehearsal:
 * provisioners, and resources that are not destroyed.
 * @throws MlterraError where a module cannot be fetched
 */
export async function fetchModules(
  stack: SynthesizedStack,
  options: { readonly engine: EngineBinary; readonly folder: RehearsalFolder; readonly signal: AbortSignal },
): Promise<StackModules> {
  if (Object.keys(stack.config['module'] ?? {}).length === 0) return { configs: [], protectedResources: [] };
  const { engine, folder, signal } = options;
  const cwd = folder.work(stack.id);
  mkdirSync(cwd, { recursive: true });
  writeAssets(cwd, stack.assets);
  writeFileSync(path.join(cwd, 'cdk.tf.json'), stack.text);
  const onStart = (pid: number): void => folder.watch(pid);
  const get = await runEngine(engine, ['get', '-no-color'], { cwd, signal, onStart });
  if (get.code !== 0) throw engineError(`${engine.name} get`, get.diagnostics, get.log, stack.text);
  const modules = readInstalledModules(cwd).map(({ key, dir }) => ({
    key,
    dir,
    facts: factsOfFiles(moduleFiles(dir)),
  }));
  for (const { dir, facts } of modules) {
    const resource = blocks(facts.resources.map((one) => [one.address, harmless(one)] as const));
    if (Object.keys(resource).length > 0) {
      writeFileSync(path.join(dir, OVERRIDE_FILE), JSON.stringify({ resource }));
    }
  }
  return {
    configs: modules.map(({ facts }) => configOf(facts)),
    protectedResources: modules.flatMap(({ key, facts }) =>
      facts.resources
        .filter((resource) => resource.protected)
        .map(({ address }) => `module.${key.replaceAll('.', '.module.')}.${address}`),
    ),
  };
}

function configOf({ providers, resources, data }: ModuleFacts): TerraformConfig {
  return {
    terraform: { required_providers: providers },
    resource: blocks(resources.map(({ address }) => [address, { count: 1 }] as const)),
    data: blocks(data.map((address) => [address, { count: 1 }] as const)),
  };
}

/** By type and name; without those of which nothing is said. */
function blocks(found: readonly (readonly [string, object])[]): Record<string, Record<string, object>> {
  const all: Record<string, Record<string, object>> = {};
  for (const [address, block] of found) {
    const [type, name] = address.split('.') as [string, string];
    if (Object.keys(block).length > 0) (all[type] ??= {})[name] = block;
  }
  return all;
}
