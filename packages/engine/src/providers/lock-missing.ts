import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../private-files/temporary-folder';
import { providersNotCommitted, providersNotLocked } from '../errors';
import { withSlot } from '../locks/process-slots';
import type { EnvironmentRun } from '../run/context';
import type { SynthesizedStack } from '../synth/synthesize';
import { engineError } from '../terraform/diagnostics';
import { runEngine } from '../terraform/run-engine';
import { withPluginCache } from '../work/init';
import {
  COMMITTED_LOCK,
  lockFileName,
  mergeLocks,
  parseProviderLock,
  readProviderLock,
  requiredProviders,
  type ProviderLock,
} from '../work/provider-lock';
import { mergeProviders, type Requirement } from './merge-providers';

/**
 * Locks the providers that the lock of the environment does not name, for this platform, as `terraform init` does at
 * a first use; what it names stays as it is. All at once and before any stack is worked on.
 * @param stacks those whose providers are needed; by default all of the environment
 * @returns the run with the lock that counts from here on
 * @throws MlterraError where a provider cannot be had, or where no lock is to be written: in a pipeline
 */
export async function lockMissing(
  run: EnvironmentRun,
  stacks: readonly SynthesizedStack[] = run.environment.stacks,
): Promise<EnvironmentRun> {
  const { dir, name } = run.environment;
  // Read again: another run may have written it while this one waited for the environment.
  const lock = readProviderLock(dir);
  const needed = new Set(stacks.flatMap(({ config }) => requiredProviders(config)));
  const missing = [...needed].filter((address) => lock?.entries.has(address) !== true).sort();
  if (missing.length === 0) return { ...run, lock };
  const readonly = whyReadonly();
  if (readonly !== undefined) throw providersNotCommitted(name, missing, readonly);
  const wanted = Object.entries(mergeProviders({ name, stacks })).filter(([local, requirement]) =>
    addressesOf({ [local]: requirement }).some((address) => missing.includes(address)),
  );
  let added: ProviderLock;
  try {
    added = await initApart(run, Object.fromEntries(wanted));
  } catch (error) {
    throw providersNotLocked(name, missing, error);
  }
  const file = path.join(dir, lockFileName(dir));
  writeFileSync(`${file}.new`, mergeLocks(lock, added));
  renameSync(`${file}.new`, file);
  const committed = path.basename(file) === COMMITTED_LOCK;
  run.progress.note(
    `wrote ${path.relative(run.request.workspaceRoot, file)}${committed ? `: commit it; "mlterra providers lock ${name}" adds the other platforms` : ''}`,
  );
  return { ...run, lock: readProviderLock(dir) };
}

/** Why this run must not write a lock: whom to trust is decided by people, in a commit. */
function whyReadonly(): string | undefined {
  if (process.env['MLTERRA_PROVIDER_LOCK'] === 'readonly') return 'MLTERRA_PROVIDER_LOCK is readonly';
  const ci = process.env['CI'] ?? '';
  return ci === '' || ci === 'false' ? undefined : 'this is a pipeline (CI is set)';
}

/** What Terraform locks for these providers, found where it always finds them: registry or mirrors. */
async function initApart(
  run: EnvironmentRun,
  providers: Readonly<Record<string, Requirement>>,
): Promise<ProviderLock> {
  const cwd = temporaryFolder('mlterra-lock-');
  try {
    const config = { terraform: { required_providers: providers } };
    writeFileSync(path.join(cwd, 'main.tf.json'), JSON.stringify(config));
    const args = ['init', '-backend=false', '-input=false', '-no-color'];
    const onLine = (line: string): void => run.progress.raw(run.environment.name, line);
    const init = await withSlot(
      run.request,
      () => withPluginCache((env) => runEngine(run.engine, args, { cwd, env, onLine })),
      {
        what: `${run.engine.name} init of ${run.environment.name}`,
        tell: (text) => run.progress.note(`${run.environment.name} ${text}`),
      },
    );
    if (init.code !== 0) throw engineError(`${run.engine.name} init`, init.diagnostics, init.log);
    return parseProviderLock(readFileSync(path.join(cwd, COMMITTED_LOCK), 'utf8'));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function addressesOf(providers: Readonly<Record<string, Requirement>>): readonly string[] {
  return requiredProviders({ terraform: { required_providers: providers } });
}
