import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MlterraError, type HooksReference, type StateLocation, type Targets } from '@mlterra/core';
import { lockTimeoutSeconds } from '../command';
import { managedInstances, withoutKeys } from '../digest/instances';
import { markEnded, markOpen, type OpenMark } from '../digest/open-mark';
import { recordTargets } from '../digest/recorded-targets';
import { readStamp, type Stamp } from '../digest/stamp';
import { provisionedResources } from '../digest/unprovisioned';
import { stateMoved } from '../errors';
import { provisionedInModules } from '../inputs/provisioned-modules';
import { isOfMark } from '../journal/journal';
import { parseState, type StateFile } from '../state/state-file';
import type { TerraformConfig } from '../synth/synthesize';
import { engineError } from '../terraform/diagnostics';
import { endedByItself, type EngineRun } from '../terraform/run-engine';
import { WorkDir } from '../work/work-dir';
import type { EnvironmentRun } from './context';
import type { Evaluation } from './evaluate';
import { killed } from './killed';
import { assertTargets } from './targets';

/** The stack whose state is marked. */
interface MarkedSubject {
  readonly key: string;
  readonly id: string;
  readonly config: TerraformConfig;
  readonly location: StateLocation;
  readonly dependencies: readonly string[];
  readonly hooks: readonly HooksReference[];
}

/** What an evaluation knows of a stack before it is changed. */
export type Found = Pick<Evaluation, 'verdict' | 'replace' | 'unsaved' | 'targets'>;

/** Runs `terraform state <args>` in the working folder of the stack. */
type StateCommand = (
  args: readonly string[],
  options: { readonly quiet: boolean; readonly evenWhenStopping: boolean },
) => Promise<EngineRun>;

/** What Terraform says to a state that does not follow on the one that is stored. */
const MOVED = /cannot (?:import|overwrite) .*(?:serial|lineage)/is;

/**
 * Marks the state of a stack from the moment something may be changed until an apply finishes, wherever the state lies
 * and whoever runs next. The engine itself stores it, under its lock, and refuses where the state was changed meanwhile.
 */
export class OpenState {
  private wasOpen = false;
  private replace: readonly string[] = [];
  private isMarked = false;

  public constructor(
    private readonly run: EnvironmentRun,
    private readonly stack: MarkedSubject,
    private readonly state: StateCommand,
  ) {}

  /**
   * @param found what the evaluation of the stack found out about runs that were killed
   * @throws MlterraError `state-moved` where another run has changed the state since it was read; `other-target` where
   * another run has applied the stack elsewhere meanwhile
   */
  public async begin(command: OpenMark['command'], { replace, unsaved, targets }: Found): Promise<void> {
    const text = await this.pull();
    const before = text === undefined ? undefined : stateOf(text, this.stack.key);
    // What cannot be read counts as changed anyway.
    if (text !== undefined && before === undefined) return;
    assertTargets(this.stack.key, before, targets);
    const stamp = before === undefined ? undefined : readStamp(before);
    this.wasOpen = stamp?.open !== undefined;
    this.replace = replace;
    const mark = {
      ...this.newMark(command),
      ...this.provisioned(before, replace),
      ...recorded(targets, stamp),
      ...this.followed(stamp),
    };
    const { drop, displace } = unsaved;
    const options = { engineVersion: this.run.engine.version, drop, displace };
    await this.push(markOpen(text, mark, this.stack, options));
    this.isMarked = true;
  }

  /**
   * Says that the run has ended without finishing; where nothing was begun, the stamp counts as it did. If that cannot be
   * said, the mark stays as it is, which is safe.
   * @returns whether the state is whole: not certainly where the engine was killed while it stored the state
   */
  public async end({ began }: { readonly began: boolean }): Promise<boolean> {
    if (!this.isMarked) return true;
    try {
      const text = await this.pull();
      const ended =
        text === undefined
          ? undefined
          : markEnded(text, this.run.identity.run, began || this.wasOpen, this.unfinished(began));
      if (ended !== undefined) await this.push(ended);
      return true;
    } catch (error) {
      // The error that ended the run is the one to show.
      return !MlterraError.is(error) || error.code !== 'engine-killed';
    }
  }

  /** For whoever runs next, who may not have the journal. */
  private unfinished(began: boolean): readonly string[] {
    if (!began) return this.replace;
    const journal = new WorkDir(this.run.environment.dir, this.stack.id).journal.read();
    return journal?.head.run === this.run.identity.run ? journal.unfinished : this.replace;
  }

  private newMark(
    command: OpenMark['command'],
  ): Omit<OpenMark, 'creating' | 'present' | 'targets' | 'follows' | 'unfinished'> {
    const { run, host, process } = this.run.identity;
    return { run, command, since: new Date().toISOString().replace(/\.\d+Z$/, 'Z'), host, process };
  }

  /** A kill may come before the journal is of this run. */
  private followed(stamp: Stamp | undefined): Pick<OpenMark, 'follows'> {
    const journal = new WorkDir(this.run.environment.dir, this.stack.id).journal.read();
    return isOfMark(journal, stamp?.open) ? { follows: journal.head.run } : {};
  }

  private provisioned(
    before: StateFile | undefined,
    unfinished: readonly string[],
  ): Pick<OpenMark, 'creating' | 'present'> {
    const { path: workDir } = new WorkDir(this.run.environment.dir, this.stack.id);
    const creating = [...provisionedResources(this.stack.config), ...provisionedInModules(workDir)];
    const instances = before === undefined ? [] : managedInstances(before);
    const present = instances
      .filter(
        ({ resource, isTainted, deposed }) =>
          creating.includes(withoutKeys(resource)) && !isTainted && deposed === undefined,
      )
      .map(({ address, id }) => ({ address, id }))
      .filter(({ address }) => !unfinished.includes(address));
    return { creating, present };
  }

  /** The text of the state; undefined where there is none. */
  private async pull(): Promise<string | undefined> {
    const run = await this.state(['pull'], { quiet: true, evenWhenStopping: this.isMarked });
    if (run.code !== 0)
      throw engineError('terraform state pull', run.diagnostics, run.log, undefined, this.stack.key);
    return run.stdout.trim() === '' ? undefined : run.stdout;
  }

  private async push(text: string): Promise<void> {
    const file = path.join(new WorkDir(this.run.environment.dir, this.stack.id).path, 'marked.tfstate');
    writeFileSync(file, text, { mode: 0o600 });
    try {
      const seconds = lockTimeoutSeconds(this.run.request);
      const run = await this.state(['push', `-lock-timeout=${seconds}s`, file], {
        quiet: true,
        evenWhenStopping: this.isMarked,
      });
      if (run.code === 0) return;
      if (!endedByItself(run)) throw killed(this.stack, undefined);
      if (MOVED.test(run.log)) throw stateMoved(this.stack.key);
      throw engineError('terraform state push', run.diagnostics, run.log, undefined, this.stack.key);
    } finally {
      rmSync(file, { force: true });
    }
  }
}

/** Where the stack is, or was begun: what an earlier run began elsewhere by another source may still be there. */
function recorded(today: Targets, stamp: Stamp | undefined): Pick<OpenMark, 'targets'> {
  const before = { ...stamp?.digest?.targets, ...stamp?.open?.targets };
  const targets = { ...stamp?.open?.targets, ...recordTargets(today, before) };
  return Object.keys(targets).length === 0 ? {} : { targets };
}

function stateOf(text: string, key: string): StateFile | undefined {
  const parsed = parseState(text, { name: key, earlier: 'an earlier version' });
  return parsed.kind === 'state' ? parsed.state : undefined;
}
