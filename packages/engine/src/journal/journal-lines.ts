import { STAMP_ADDRESS } from '../digest/stamp';
import type { KnownInstance } from '../digest/unsaved';

/** What the lines of an apply say of its resources. */
export interface JournalFacts {
  /** Addresses whose creation began; what ended well is taken away again. */
  readonly unfinished: readonly string[];
  /** Resources that were created completely and are there, with the id their provider gave them, where it is said. */
  readonly created: ReadonlyMap<string, string | undefined>;
  /** Ids of what this run itself created, by address: of two objects of one address this is the new one. */
  readonly createdHere: ReadonlyMap<string, string>;
  /** Ids of what was destroyed completely, by address. */
  readonly destroyed: ReadonlyMap<string, readonly string[]>;
  /** Messages such as `terraform_data.a: Creation complete after 1s`, in their order. */
  readonly events: readonly string[];
}

interface Line {
  readonly type?: string;
  readonly '@message'?: string;
  readonly hook?: {
    readonly resource?: { readonly addr?: string };
    readonly action?: string;
    readonly id_key?: string;
    readonly id_value?: string;
  };
}

/**
 * Reads what `terraform apply -json` wrote, which may end in the middle of a line.
 * @param before what earlier runs left
 * @see the "machine-readable UI" page of Terraform's documentation; seen with 1.11.4
 */
export function readJournalLines(
  text: string,
  before: { readonly carried: readonly string[]; readonly created: readonly KnownInstance[] },
): JournalFacts {
  const unfinished = new Set(before.carried);
  const created = new Map<string, string | undefined>(before.created.map(({ address, id }) => [address, id]));
  const createdHere = new Map<string, string>();
  const destroyed = new Map<string, readonly string[]>();
  const deleting = new Map<string, readonly (string | undefined)[]>();
  const creating = new Set<string>();
  const events: string[] = [];
  for (const { type, hook, '@message': message } of parsed(text)) {
    const address = hook?.resource?.addr;
    if (address === undefined || address === STAMP_ADDRESS) continue;
    const id = hook!.id_key === 'id' ? hook!.id_value : undefined;
    const what = `${type} ${hook!.action}`;
    if (type === 'apply_complete' || type === 'apply_errored') events.push(message ?? `${address}: ${type}`);
    if (what === 'apply_start create') {
      unfinished.add(address);
      creating.add(address);
    }
    if (what === 'apply_start delete') deleting.set(address, [...(deleting.get(address) ?? []), id]);
    if (what === 'apply_complete create') {
      // One that failed stays: Terraform may have been killed before it wrote the taint.
      unfinished.delete(address);
      created.set(address, id);
      if (id !== undefined) createdHere.set(address, id);
    }
    if (what === 'apply_complete delete') {
      // Two objects of one address, one of them deposed: Terraform does not say which of them is gone.
      const [gone, ...others] = deleting.get(address) ?? [];
      deleting.delete(address);
      const isKnown = gone !== undefined && others.length === 0;
      // With `create_before_destroy`, and where one is left of an earlier run, the new object has the address already.
      if (!creating.has(address)) {
        unfinished.delete(address);
        created.delete(address);
      }
      if (isKnown) destroyed.set(address, [...(destroyed.get(address) ?? []), gone]);
    }
  }
  return { unfinished: [...unfinished], created, createdHere, destroyed, events };
}

function parsed(text: string): readonly Line[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value = JSON.parse(line) as Line | null;
      return typeof value === 'object' && value !== null ? [value] : [];
    } catch {
      return [];
    }
  });
}
