import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import spawn from 'cross-spawn';
import { engineMissing, engineOld } from '../errors';
import { atLeast, type EngineBinary } from './engine-binary';
import { engineEnvironment } from './engine-environment';

const MINIMUM = '1.5';

/**
 * Finds the engine: `given`, else MLTERRA_ENGINE, else `terraform` on the PATH. Its version is remembered in
 * `cacheDir` until the binary changes, so that an unchanged run starts no process at all.
 * @throws MlterraError also when the caller's variables would change what a run does
 */
export function findEngine(given: string | undefined, cacheDir: string): EngineBinary {
  engineEnvironment();
  const wanted = given ?? process.env['MLTERRA_ENGINE'];
  const binary = locate(wanted ?? 'terraform');
  if (binary === undefined) throw engineMissing(wanted);
  const stat = statSync(binary);
  const identity = `${binary}\0${stat.size}\0${stat.mtimeMs}`;
  const cacheFile = path.join(cacheDir, 'engine.json');
  const engine = readCached(cacheFile, identity) ?? ask(binary, wanted);
  if (!atLeast(engine.version, MINIMUM)) {
    throw engineOld(engine.version, MINIMUM, 'terraform_data and check blocks need more');
  }
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(cacheFile, JSON.stringify({ identity, engine }));
  return engine;
}

function locate(name: string): string | undefined {
  const candidates = name.includes(path.sep)
    ? [path.resolve(name)]
    : (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  const suffixes = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const candidate of candidates.flatMap((base) => suffixes.map((suffix) => base + suffix))) {
    const stat = statSync(candidate, { throwIfNoEntry: false });
    if (stat?.isFile() && (process.platform === 'win32' || (stat.mode & 0o111) !== 0))
      return realpathSync(candidate);
  }
  return undefined;
}

function readCached(file: string, identity: string): EngineBinary | undefined {
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as { identity: string; engine: EngineBinary };
    return cached.identity === identity ? cached.engine : undefined;
  } catch {
    return undefined;
  }
}

function ask(binary: string, wanted: string | undefined): EngineBinary {
  const answer = spawn.sync(binary, ['version', '-json'], { encoding: 'utf8', env: engineEnvironment() });
  try {
    const { terraform_version: version } = JSON.parse(answer.stdout) as { terraform_version: string };
    return { name: path.basename(binary).replace(/\.exe$/, ''), path: binary, version };
  } catch {
    throw engineMissing(wanted ?? binary);
  }
}
