import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { moduleCycle, moduleMissing } from '../errors';
import { filesRead } from '../inputs/files-read';
import { factsOfFiles, type ModuleFacts, type ProviderNeed } from '../inputs/module-facts';
import { MODULES } from '../inputs/module-folder';
import { moduleFiles } from '../inputs/modules-hash';
import { isPart } from '../inputs/tree';

interface ModuleBlock {
  source?: unknown;
}

/**
 * Copies local modules beside the configuration that calls them, with the modules and files that they name by relative
 * paths in turn, and has the configuration call the copies: so they are part of the stack like any asset, and it needs
 * nothing of the checkout but its own folder. Providers that they need become requirements of the stack.
 * @param folder of the stack, with `cdk.tf.json`
 * @param base folder that relative sources start from
 */
export function placeLocalModules(folder: string, base: string, key: string): void {
  const file = path.join(folder, 'cdk.tf.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as {
    module?: Record<string, ModuleBlock>;
    terraform?: { required_providers?: Record<string, ProviderNeed> };
  };
  const calls = Object.entries(config.module ?? {});
  if (calls.length === 0) return;
  const needs: ModuleFacts[] = [];
  for (const [name, block] of calls) {
    const { source } = block;
    if (typeof source !== 'string' || !isLocal(source)) continue;
    // An asset of CDKTF is beside the configuration already.
    const asset = path.resolve(folder, source);
    const isAsset = asset.startsWith(`${folder}${path.sep}`) && existsSync(asset);
    const dir = isAsset ? asset : path.resolve(base, source);
    const stat = statSync(dir, { throwIfNoEntry: false });
    if (stat === undefined) throw moduleMissing(key, name, source, dir);
    if (!stat.isDirectory()) continue;
    const closure = closureOf(dir, (chain) => moduleCycle(key, name, chain));
    needs.push(...closure.facts);
    if (isAsset) continue;
    const root = commonFolder([dir, ...closure.dirs, ...closure.files.map((one) => path.dirname(one))]);
    const target = path.join(folder, MODULES, name);
    for (const from of [...closure.dirs, ...closure.files]) {
      cpSync(from, path.join(target, path.relative(root, from)), {
        recursive: true,
        dereference: true,
        filter: (one) => one === from || isPart(path.basename(one)),
      });
    }
    block.source = `./${path.posix.join(MODULES, name, ...path.relative(root, dir).split(path.sep))}`;
  }
  requireProviders(config, needs);
  writeFileSync(file, JSON.stringify(config, null, 2));
}

function isLocal(source: string): boolean {
  return /^\.{1,2}\//.test(source) || path.isAbsolute(source);
}

/**
 * A module, and the modules and files that it names by relative paths.
 * @throws what `cycle` makes of the folders that lead from a module to itself
 */
function closureOf(
  start: string,
  cycle: (chain: readonly string[]) => Error,
): {
  readonly dirs: readonly string[];
  readonly files: readonly string[];
  readonly facts: readonly ModuleFacts[];
} {
  const found = new Map<string, ModuleFacts>();
  const files = new Set<string>();
  const visit = (dir: string, callers: readonly string[]): void => {
    if (callers.includes(dir)) throw cycle([...callers.slice(callers.indexOf(dir)), dir]);
    if (found.has(dir) || statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const facts = factsOfFiles(moduleFiles(dir));
    found.set(dir, facts);
    for (const file of filesRead(facts.calls, dir)) if (existsSync(file)) files.add(file);
    for (const { source } of facts.modules) {
      if (source !== undefined && /^\.{1,2}\//.test(source))
        visit(path.resolve(dir, source), [...callers, dir]);
    }
  };
  visit(start, []);
  const dirs = [...found.keys()];
  const inside = (file: string): boolean => dirs.some((dir) => file.startsWith(`${dir}${path.sep}`));
  return { dirs, files: [...files].filter((file) => !inside(file)), facts: [...found.values()] };
}

/** The deepest folder that holds all of these. */
function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !folder.startsWith(`${shared.replace(/\/$/, '')}${path.sep}`)) {
      shared = path.dirname(shared);
    }
    return shared;
  });
}

/** Providers of the modules, so that the provider lock covers them; those of the stack stay as they are. */
function requireProviders(
  config: { terraform?: { required_providers?: Record<string, ProviderNeed> } },
  modules: readonly ModuleFacts[],
): void {
  const known = { ...config.terraform?.required_providers };
  const sources = new Set(Object.entries(known).map(([name, need]) => sourceOf(name, need)));
  const added: Record<string, ProviderNeed> = {};
  for (const [name, need] of modules.flatMap(({ providers }) => Object.entries(providers))) {
    const source = sourceOf(name, need);
    if (sources.has(source) || source.startsWith('terraform.io/builtin/')) continue;
    const local = known[name] === undefined ? name : `${name}_${Object.keys(added).length}`;
    const versions = new Set([added[local]?.version, need.version].filter((one) => one !== undefined));
    added[local] = { source, ...(versions.size === 0 ? {} : { version: [...versions].join(', ') }) };
  }
  if (Object.keys(added).length === 0) return;
  config.terraform = { ...config.terraform, required_providers: { ...known, ...added } };
}

function sourceOf(name: string, { source }: ProviderNeed): string {
  if (source === undefined) return `hashicorp/${name}`;
  return source.includes('/') ? source : `hashicorp/${source}`;
}
