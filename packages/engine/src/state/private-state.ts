import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { StateLocation } from '@mlterra/core';
import { closeToOthers, createPrivate, privateFolder, writePrivate } from '../private-files/private-files';

/** File of a local state. Terraform runs in `<environment>/.mlterra/stacks/<id>`, and the path counts from there. */
export function localStateFile(environmentDir: string, location: LocalLocation): string {
  return path.resolve(environmentDir, '.mlterra', 'stacks', 'any', location.path);
}

type LocalLocation = Extract<StateLocation, { readonly type: 'local' }>;

/**
 * Makes the folder of a local state before Terraform does, which follows the umask: states hold secrets in clear. What
 * mlterra makes is the owner's alone; a folder chosen by the user that exists keeps its mode, those of the environment
 * and the stage in it do not.
 */
export function preparePrivateState(environmentDir: string, location: StateLocation): void {
  if (location.type !== 'local') return;
  const stage = path.dirname(localStateFile(environmentDir, location));
  for (const folder of [path.dirname(stage), stage]) privateFolder(folder);
}

/**
 * Makes the files that an apply writes, which only their owner can read: Terraform writes into those that exist, and
 * gives new ones the rights that the umask leaves. Without a state it takes an empty file for none.
 */
export function preparePrivateFiles(environmentDir: string, location: StateLocation): void {
  if (location.type !== 'local') return;
  const state = localStateFile(environmentDir, location);
  const backup = `${state}.backup`;
  for (const file of [state, backup]) closeToOthers(file);
  createPrivate(state);
  const before = readFileSync(state);
  // What Terraform writes there: the state before the apply.
  if (before.length > 0 && !existsSync(backup)) writePrivate(backup, before);
}

/**
 * Removes an empty state file that an apply left which could not save its state, as Terraform does with one that it made
 * itself: it stands for no state, but looks like one that was emptied.
 */
export function removeUnwritten(environmentDir: string, location: StateLocation): void {
  if (location.type !== 'local') return;
  const state = localStateFile(environmentDir, location);
  const isUnwritten =
    statSync(state, { throwIfNoEntry: false })?.size === 0 && !existsSync(`${state}.backup`);
  if (isUnwritten) rmSync(state, { force: true });
}

/** Closes the states of an environment, and what lies beside them, to others than their owner. */
export function closeStates(environmentDir: string, locations: readonly StateLocation[]): void {
  const local = locations.filter((location) => location.type === 'local');
  const folders = local.map((location) => path.resolve(localStateFile(environmentDir, location), '../..'));
  for (const folder of new Set(folders)) closeToOthers(folder);
}
