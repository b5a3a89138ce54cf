import type { StateBackend, StateLocation } from '@mlterra/core';
import type { StateLock } from './state-lock';
import type { ParsedState, StateFile } from './state-file';

/** What lies where a state is kept. */
export type StateRead =
  | { readonly kind: 'absent' }
  /** Somebody holds the lock: who, what for, since when, and the lock's id where there is one. `state` is the last one written. */
  | { readonly kind: 'busy'; readonly holder: string; readonly state?: StateFile }
  /** Encrypted: counts as changed. */
  | { readonly kind: 'opaque'; readonly reason: string }
  /** `staleLock` tells of the last holder of a lock that was never taken back; nobody may hold it now. */
  | { readonly kind: 'state'; readonly state: StateFile; readonly staleLock?: string };

/** Reads states of one backend type. */
export interface StateStore<Location extends StateLocation = StateLocation> {
  read(location: Location): Promise<StateRead>;
  /** Keys of the states that exist below `<environment>/`, where `probe` tells the place of such a key. */
  list(environment: string, place: (key: string) => Location): Promise<readonly string[]>;
  /** Who holds the lock on a state, or has left one behind. */
  lock(location: Location): Promise<StateLock | undefined>;
  /** Frees a lock, unless it is another one by now. */
  unlock(location: Location, lock: StateLock): Promise<'freed' | 'changed'>;
  close(): Promise<void>;
}

/** A state somebody holds, with what was written last. */
export function busy(holder: string, last: ParsedState | undefined): StateRead {
  return { kind: 'busy', holder, ...(last?.kind === 'state' ? { state: last.state } : {}) };
}

/** Place of the states of one backend type. */
export type LocationOf<Type extends StateBackend['type']> = Extract<StateLocation, { readonly type: Type }>;

/** Stands for stage and stack where the pattern of a backend's places is asked for. */
const PROBE = 'x/x';

/**
 * Splits the place of every state of an environment into what stands before and after `<stage>/<stack>`.
 * The text before ends in `<environment>/`, so that `a` never matches `a-b`.
 */
export function keyPattern(
  environment: string,
  place: (key: string) => string,
): { readonly before: string; readonly after: string } {
  const probe = `${environment}/${PROBE}`;
  const text = place(probe);
  const at = text.lastIndexOf(probe);
  if (at < 0) throw new Error(`The backend does not keep the state ${probe} under its key: ${text}`);
  const end = at + probe.length;
  return { before: text.slice(0, end - PROBE.length), after: text.slice(end) };
}

/** Key of the state at this place; undefined where it is something else. */
export function keyAt(
  place: string,
  environment: string,
  pattern: { readonly before: string; readonly after: string },
): string | undefined {
  if (!place.startsWith(pattern.before) || !place.endsWith(pattern.after)) return undefined;
  const rest = place.slice(pattern.before.length, place.length - pattern.after.length);
  return /^[^/]+\/[^/]+$/.test(rest) ? `${environment}/${rest}` : undefined;
}
