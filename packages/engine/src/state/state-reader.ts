import type { StateBackend, StateLocation } from '@mlterra/core';
import { stateBackendUnknown } from '../errors';
import { Bounded } from './bounded';
import { LocalStates } from './local-states';
import { PgStates } from './pg-states';
import { S3States } from './s3-states';
import type { StateLock } from './state-lock';
import type { LocationOf, StateRead, StateStore } from './state-store';

export type { StateRead } from './state-store';

/** More at once would not be faster, but could meet the limits of a server. */
const PARALLEL_READS = 8;

/** Reads states without starting an engine. It writes none; it frees locks where it is told to. */
export interface StateReader {
  read(location: StateLocation): Promise<StateRead>;
  /** Keys `<environment>/<stage>/<stack>` of all states of the environment that exist, sorted. */
  list(backend: StateBackend, environment: string): Promise<readonly string[]>;
  /** Who holds the lock on a state, or has left one behind. */
  lock(location: StateLocation): Promise<StateLock | undefined>;
  /** Frees a lock, unless it is another one by now. */
  unlock(location: StateLocation, lock: StateLock): Promise<'freed' | 'changed'>;
  /** Ends the connections to servers. */
  close(): Promise<void>;
}

export function createStateReader(options: { readonly environmentDir: string }): StateReader {
  const bounded = new Bounded(PARALLEL_READS);
  const stores: { readonly [Type in StateBackend['type']]: StateStore<LocationOf<Type>> } = {
    local: new LocalStates(options.environmentDir),
    s3: new S3States(),
    pg: new PgStates(),
  };
  const storeOf = (type: StateBackend['type']): StateStore => {
    if (!Object.hasOwn(stores, type)) throw stateBackendUnknown(type, Object.keys(stores));
    return stores[type];
  };
  return {
    read: (location) => bounded.run(async () => storeOf(location.type).read(location)),
    list: (backend, environment) =>
      bounded.run(async () => storeOf(backend.type).list(environment, (key) => backend.location(key))),
    lock: (location) => bounded.run(async () => storeOf(location.type).lock(location)),
    unlock: (location, lock) => bounded.run(async () => storeOf(location.type).unlock(location, lock)),
    close: async () => {
      await Promise.all(Object.values(stores).map((store) => store.close()));
    },
  };
}
