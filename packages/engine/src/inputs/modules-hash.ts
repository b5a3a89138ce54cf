import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hash, hashValue } from '../digest/digest';
import type { TerraformConfig } from '../synth/synthesize';
import { factsOfConfig, factsOfFiles, isModuleFile, type ModuleCall } from './module-facts';
import { hashTree } from './tree';

/**
 * Hash of the modules that a configuration calls: their sources and versions, and the files of those that lie in folders.
 * Undefined where it calls none.
 * @param cwd working folder, with everything that belongs to the configuration
 */
export function modulesHash(config: TerraformConfig, cwd: string): string | undefined {
  const { modules } = factsOfConfig({ module: config['module'] ?? {} });
  if (modules.length === 0) return undefined;
  const seen = new Map<string, string>();
  const visit = (dir: string, calls: readonly ModuleCall[]): void => {
    for (const { source = '' } of calls) {
      if (!/^\.{1,2}\//.test(source) && !path.isAbsolute(source)) continue;
      const target = path.resolve(dir, source);
      const stat = statSync(target, { throwIfNoEntry: false });
      if (stat === undefined || seen.has(target)) continue;
      seen.set(target, stat.isDirectory() ? hashTree(target) : hash(readFileSync(target)));
      if (stat.isDirectory()) visit(target, factsOfFiles(moduleFiles(target)).modules);
    }
  };
  visit(cwd, modules);
  return hashValue([modules, [...seen.values()]]);
}

/** Texts of the files of a module, by name. */
export function moduleFiles(dir: string): Readonly<Record<string, string>> {
  if (!existsSync(dir)) return {};
  return Object.fromEntries(
    readdirSync(dir)
      .filter(isModuleFile)
      .map((name) => [name, readFileSync(path.join(dir, name), 'utf8')]),
  );
}
