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
  readonly reasons: readonly string[];
}

/**
 * Compares what an engine said that it did with the state.
 * @param config what the source says today; undefined where it no longer has the stack
 */
export function unsavedWork(
  state: StateFile,
  journal: Journal | undefined,
  config: TerraformConfig | undefined,
): Unsaved {
  if (journal === undefined) return { adopt: [], drop: [], reasons: [] };
  const { created, destroyed } = journal;
  const present = managedInstances(state).filter(({ deposed }) => deposed === undefined);
  const drop = present.flatMap(({ address, id }) =>
    id !== undefined && destroyed.get(address)?.includes(id) === true ? [{ address, id }] : [],
  );
  const kept = new Set(
    present.map(({ address }) => address).filter((address) => !drop.some((gone) => gone.address === address)),
  );
  const adopt = [...created].flatMap(([address, id]) =>
    id === undefined || kept.has(address) ? [] : [{ address, id }],
  );
  return {
    adopt,
    drop,
    reasons: [
      ...adopt.map(({ address, id }) => {
        const why = `a killed run created it (id ${id}) and could not save that`;
        return config === undefined || declarationOf(config, address) === undefined
          ? `${address} is imported: ${why}`
          : `${address} is imported and destroyed: ${why}, and the source no longer has it`;
      }),
      ...drop
        .filter(({ address }) => !adopt.some((other) => other.address === address))
        .map(
          ({ address, id }) =>
            `${address} leaves the state: a killed run destroyed it (id ${id}) and could not save that`,
        ),
    ],
  };
}

/** Blocks that make the engine import what a killed run created. */
export function importConfig(adopt: readonly KnownInstance[]): Readonly<Record<string, unknown>> {
  return { import: adopt.map(({ address, id }) => ({ to: address, id })) };
}
