import type { Journal } from '../journal/journal';
import type { StateFile } from '../state/state-file';
import type { TerraformConfig } from '../synth/synthesize';
import { managedInstances, withoutKeys } from './instances';
import type { Stamp } from './stamp';

/** A resource that is in the state although nobody knows that its provisioners ran. */
export interface Unprovisioned {
  /** Address of the instance. */
  readonly address: string;
  readonly reason: string;
}

/**
 * Resources to be replaced, because the run that created them was killed before their creation ended. Terraform writes a
 * resource into the state before its provisioners run, and taints it only if it lives to see them fail.
 * @param journal what the last run from this working folder left
 */
export function unprovisioned(
  state: StateFile,
  stamp: Stamp | undefined,
  journal: Journal | undefined,
): readonly Unprovisioned[] {
  const open = stamp?.open;
  const known = new Set([...(journal?.unfinished ?? []), ...(open?.unfinished ?? [])]);
  const isJournalOfMark = journal !== undefined && journal.head.run === open?.run;
  // A mark without its journal is of a run on another machine, or from another checkout.
  const doubtful = open === undefined || open.ended === true || isJournalOfMark ? undefined : open;
  const before = new Set(doubtful?.present.map(({ address, id }) => `${address} ${id}`));
  const creating = new Set(doubtful?.creating);
  return managedInstances(state)
    .filter(({ isTainted, deposed }) => !isTainted && deposed === undefined)
    .flatMap(({ address, resource, id }) => {
      if (known.has(address)) {
        return { address, reason: `${address} is replaced: its creation began and was never seen to end` };
      }
      if (!creating.has(withoutKeys(resource)) || before.has(`${address} ${id}`)) return [];
      const reason = `${address} is replaced: the ${open!.command} of ${open!.host} that began at ${open!.since} did not say whether its provisioners ran`;
      return { address, reason };
    });
}

/** `type.name` of the resources of the root module that have provisioners of their creation. */
export function provisionedResources(config: TerraformConfig): readonly string[] {
  const resources = (config['resource'] ?? {}) as Record<string, Record<string, { provisioner?: unknown }>>;
  return Object.entries(resources)
    .flatMap(([type, named]) =>
      Object.entries(named)
        .filter(([, { provisioner }]) => hasCreation(provisioner))
        .map(([name]) => `${type}.${name}`),
    )
    .sort();
}

/** Provisioners are `[{ "local-exec": { … } }]`, or one object of that shape. */
function hasCreation(provisioners: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(provisioners) ? provisioners : [provisioners];
  return list
    .flatMap((entry): unknown[] => (typeof entry === 'object' && entry !== null ? Object.values(entry) : []))
    .some((body) => (body as { readonly when?: string } | null)?.when !== 'destroy');
}
