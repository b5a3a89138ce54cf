import path from 'node:path';
import spawn from 'cross-spawn';
import { environmentCache, isTypechecked } from './typecheck';

/** The compiled type check, also where this source runs uncompiled. */
const TYPECHECK = path.resolve(__dirname, '../../dist/load/typecheck.js');

/**
 * Type-checks the environment in `dir` in a process of its own, so that the memory it takes (some 200 MB) goes with
 * it. Does nothing where nothing changed; what is wrong is left to `loadEnvironment` to tell.
 */
export function typecheckApart(dir: string): void {
  if (isTypechecked(environmentCache(dir))) return;
  const script =
    'const [module, file, cache] = process.argv.slice(1); require(module).typecheck(file, cache);';
  const file = path.join(dir, 'environment.ts');
  spawn.sync(process.execPath, ['-e', script, TYPECHECK, file, environmentCache(dir)], { stdio: 'ignore' });
}
