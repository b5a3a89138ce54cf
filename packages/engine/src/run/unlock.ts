import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { SHARED_STAGE } from '@mlterra/core';
import { stackUnknown, stageUnknown, unlockConfirmationMissing } from '../errors';
import { breakLock, lockHolder, type Holder } from '../locks/file-lock';
import { processState } from '../locks/process-place';
import type { StateLock } from '../state/state-lock';
import { createStateReader, type StateReader } from '../state/state-reader';
import { synthesize, type SynthesizedEnvironment } from '../synth/synthesize';
import { stageOf } from './context';
import { describeError } from './guard';

export interface UnlockRequest {
  /** Absolute path of the environment's folder. */
  readonly environmentDir: string;
  /** Only stacks of this stage. @default - all */
  readonly stage?: string;
  /** Only this stack, by name or key. @default - all, and the environment's own lock */
  readonly stack?: string;
  /** Do not ask. @default false */
  readonly yes?: boolean;
  /** Also free locks whose process lives. @default false */
  readonly force?: boolean;
  readonly verbose?: boolean;
}

/** Something that can be locked, as it was seen. */
interface Locked {
  /** E.g. `demo/dev/mlflow`. */
  readonly name: string;
  readonly lock: StateLock;
  free(): Promise<'freed' | 'changed'>;
}

/**
 * Shows who holds the locks of an environment, and frees those whose process is gone.
 * @returns the exit code: 0 nothing is locked any more, 1 a lock stays or something failed
 */
export async function unlockEnvironment(request: UnlockRequest): Promise<number> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const reader = createStateReader({ environmentDir: request.environmentDir });
  try {
    const environment = synthesize(request.environmentDir);
    const locked = await findLocked(environment, reader, request);
    if (locked.length === 0) {
      print(`Nothing is locked in ${scopeOf(environment.name, request)}.`);
      return 0;
    }
    for (const { name, lock } of locked) print(`${name} is locked by ${lock.holder}: ${lock.evidence}.`);
    const free = locked.filter(({ lock }) => mayFree(lock, request));
    for (const { name, lock } of locked.filter((one) => !free.includes(one)))
      print(`${name} stays locked: ${adviceFor(lock)}.`);
    if (free.length === 0) return 1;
    if (!(await isConfirmed(environment.name, free, request))) {
      print('No lock was freed: the answer was not the name of the environment.');
      return 1;
    }
    let left = locked.length - free.length;
    for (const { name, free: release } of free) {
      const isFreed = (await release()) === 'freed';
      print(
        isFreed ? `${name} is unlocked.` : `${name} was not unlocked: its lock changed since it was shown.`,
      );
      if (!isFreed) left++;
    }
    return left === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`error: ${describeError(error, request.verbose).message}\n`);
    return 1;
  } finally {
    await reader.close();
  }
}

async function findLocked(
  environment: SynthesizedEnvironment,
  reader: StateReader,
  request: UnlockRequest,
): Promise<readonly Locked[]> {
  const { definition, name, dir, stacks } = environment;
  const { stage, stack } = request;
  const stages = [...definition.stageNames, SHARED_STAGE];
  if (stage !== undefined && !stages.includes(stage)) throw stageUnknown(stage, stages);
  const found: Locked[] = [];
  if (stage === undefined && stack === undefined) found.push(...runLock(name, dir));
  const states = await reader.list(definition.backend, name);
  const keys = [...new Set([...stacks.map(({ key }) => key), ...states])];
  const wanted = keys.filter(
    (key) =>
      (stage === undefined || stageOf(key) === stage) &&
      (stack === undefined || key === stack || key.endsWith(`/${stack}`)),
  );
  if (stack !== undefined && wanted.length === 0) throw stackUnknown(stack, keys);
  for (const key of wanted) {
    const location = definition.backend.location(key);
    const lock = await reader.lock(location);
    if (lock !== undefined) found.push({ name: key, lock, free: () => reader.unlock(location, lock) });
  }
  return found;
}

/** The lock that a run of mlterra has on the environment's folder. */
function runLock(name: string, dir: string): readonly Locked[] {
  const file = path.join(dir, '.mlterra', 'run.lock');
  const holder = lockHolder(file);
  if (holder === undefined) return [];
  const { pid, command, since } = holder;
  const lock = {
    identity: '',
    holder: `mlterra ${command}, process ${pid}, since ${since}`,
    endsWithProcess: false,
    ...lifeOfRun(holder),
  };
  return [{ name, lock, free: () => Promise.resolve(breakLock(file, holder) ? 'freed' : 'changed') }];
}

function lifeOfRun(holder: Holder): Pick<StateLock, 'process' | 'evidence'> {
  const life = processState(holder);
  switch (life) {
    case 'alive':
      return { process: life, evidence: 'the process runs on this machine' };
    case 'dead':
      return { process: life, evidence: 'the process is gone' };
    case 'unknown':
      return {
        process: life,
        evidence: `it runs, or ran, on ${holder.place!.host} or in another container; whether it lives cannot be told from here`,
      };
  }
}

function mayFree(lock: StateLock, { force }: UnlockRequest): boolean {
  return lock.process !== 'alive' || (force === true && !lock.endsWithProcess);
}

function adviceFor({ endsWithProcess }: StateLock): string {
  return endsWithProcess
    ? 'wait for that run to end, or stop it; the lock ends with its process, and nothing else frees it'
    : 'wait for that run to end, or stop it; with --force it is unlocked all the same, and two runs may then write at once';
}

async function isConfirmed(name: string, free: readonly Locked[], { yes }: UnlockRequest): Promise<boolean> {
  if (yes === true) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw unlockConfirmationMissing();
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const names = free.map((one) => one.name).join(', ');
    const question = `This unlocks ${names}. A run that still writes there would then not be alone.\nType ${name} to go on: `;
    return (await ask.question(question)).trim() === name;
  } finally {
    ask.close();
  }
}

function scopeOf(name: string, { stage, stack }: UnlockRequest): string {
  return [name, stage, stack].filter((part) => part !== undefined).join('/');
}
