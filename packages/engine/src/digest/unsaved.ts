import type { Journal } from '../journal/journal';
import type { StateFile } from '../state/state-file';
import type { TerraformConfig } from '../synth/synthesize';
import { managedInstances } from './instances';
import { declarationOf } from './undeclared';

/** One instance of a resource, by its address and the id its provider gave it. */
export interface KnownInstance {
  readonly address: string;
  readonly id: string;
}

/** What a run did that was killed before Terraform had stored it: servers get a state every 20 seconds only. */
export interface Unsaved {
  /** Created, and not in the state: to be imported. */
  readonly adopt: readonly KnownInstance[];
  /** Destroyed, and still in the state: to be taken out of it. */
  readonly drop: readonly KnownInstance[];
  /** Still in the state although what replaces them was created: to be destroyed, and to make room for that. */
  readonly displace: readonly KnownInstance[];
  readonly reasons: readonly string[];
}

/** For a stack of which no run was killed, as far as is known. */
export const NOTHING_UNSAVED: Omit<Unsaved, 'reasons'> = { adopt: [], drop: [], displace: [] };

/**
 * Compares what an engine said that it did with the state.
 * @param config what the source says today; undefined where it no longer has the stack
 */
export function unsavedWork(
  state: StateFile,
  journal: Journal | undefined,
  config: TerraformConfig | undefined,
): Unsaved {
  if (journal === undefined) return { ...NOTHING_UNSAVED, reasons: [] };
  const { created, createdHere, destroyed } = journal;
  const present = managedInstances(state).filter(({ deposed }) => deposed === undefined);
  const drop = present.flatMap(({ address, id }) =>
    id !== undefined && destroyed.get(address)?.includes(id) === true ? [{ address, id }] : [],
  );
  const displace = present.flatMap(({ address, id }) => {
    const successor = createdHere.get(address);
    const isGone = drop.some((gone) => gone.address === address);
    return id === undefined || successor === undefined || successor === id || isGone ? [] : [{ address, id }];
  });
  const makingRoom = new Set([...drop, ...displace].map(({ address }) => address));
  const kept = new Set(present.map(({ address }) => address).filter((address) => !makingRoom.has(address)));
  const adopt = [...created].flatMap(([address, id]) =>
    id === undefined || kept.has(address) ? [] : [{ address, id }],
  );
  return {
    adopt,
    drop,
    displace,
    reasons: [
      ...adopt.map(({ address, id }) => {
        const why = `a killed run created it (id ${id}) and could not save that`;
        return config === undefined || declarationOf(config, address) === undefined
          ? `${address} is imported: ${why}`
          : `${address} is imported, for the plan to decide on: ${why}, and the source no longer has it`;
      }),
      ...drop
        .filter(({ address }) => !adopt.some((other) => other.address === address))
        .map(
          ({ address, id }) =>
            `${address} leaves the state: a killed run destroyed it (id ${id}) and could not save that`,
        ),
      ...displace.map(
        ({ address, id }) =>
          `what ${address} was before (id ${id}) is destroyed: a killed run created its replacement, and did not come to that`,
      ),
    ],
  };
}

/** Blocks that make the engine import what a killed run created. */
export function importConfig(adopt: readonly KnownInstance[]): Readonly<Record<string, unknown>> {
  return { import: adopt.map(({ address, id }) => ({ to: address, id })) };
}
