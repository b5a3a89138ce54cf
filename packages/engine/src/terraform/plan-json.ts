import { STAMP_ADDRESS } from '../digest/stamp';
import { planUnreadable } from '../errors';
import { parseLossless, stringifyLossless } from '../state/lossless';
import {
  attributeChanges,
  secretTexts,
  SENSITIVE,
  UNKNOWN,
  type AttributeChange,
  type ValueChange,
} from './attribute-changes';

/**
 * What becomes of a resource or an output. A resource that is imported or moved, and changed with it, has the action that
 * changes it.
 */
export type PlannedAction =
  | 'create'
  | 'update'
  | 'replace'
  | 'destroy'
  | 'read'
  /** It leaves the state and is not destroyed. */
  | 'forget'
  /** An object that exists comes into the state as it is. */
  | 'import'
  /** Only its address in the state changes. */
  | 'move';

/** What a plan would do to one resource or output. */
export interface PlannedChange {
  readonly address: string;
  readonly action: PlannedAction;
  /** Id of the object that is imported. @default - none is */
  readonly importId?: string;
  /** Address in the state until now. @default - the same */
  readonly previousAddress?: string;
  /** Attributes that differ, with values as a person may see them: sensitive ones are masked. */
  readonly attributes: readonly AttributeChange[];
}

export interface PlanSummary {
  readonly resources: readonly PlannedChange[];
  readonly outputs: readonly PlannedChange[];
  /** Resources that were changed behind Terraform's back. */
  readonly drift: readonly PlannedChange[];
  /** Whether the stamp alone is to be written. */
  readonly stampOnly: boolean;
}

/** `terraform show -json` of a plan; only the fields that are used. */
interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, Change>>;
}

interface ResourceChange {
  readonly address: string;
  readonly type?: string;
  readonly previous_address?: string;
  readonly mode: 'managed' | 'data';
  readonly change: Change;
}

interface Change extends ValueChange {
  readonly actions: readonly string[];
  /** Set where an object is imported: by its id, or by its identity, an object. */
  readonly importing?: { readonly id?: string; readonly identity?: unknown; readonly unknown?: boolean };
}

export function summarisePlan(json: string): PlanSummary {
  const plan = parsePlan(json);
  const changes = managed(plan.resource_changes);
  const resources = changes.filter(({ address }) => address !== STAMP_ADDRESS).flatMap(resourceChange);
  const outputs = Object.entries(plan.output_changes ?? {}).flatMap(([name, change]) =>
    toPlanned(name, change),
  );
  const stamp = changes.find(({ address }) => address === STAMP_ADDRESS);
  return {
    resources,
    outputs,
    drift: managed(plan.resource_drift)
      .filter(({ address }) => address !== STAMP_ADDRESS)
      .flatMap(({ address, type, change }) => toPlanned(address, marked(type, change))),
    stampOnly:
      resources.length === 0 &&
      outputs.length === 0 &&
      stamp !== undefined &&
      toPlanned('', stamp.change).length > 0,
  };
}

function managed(changes: readonly ResourceChange[] = []): readonly ResourceChange[] {
  return changes.filter(({ mode }) => mode === 'managed');
}

/** A change of a resource, which may come into the state, or have another address there, too. */
function resourceChange({
  address,
  type,
  change,
  previous_address: previous,
}: ResourceChange): PlannedChange[] {
  const known = marked(type, change);
  const importId = importIdOf(known);
  const origin = {
    ...(importId === undefined ? {} : { importId }),
    ...(previous === undefined ? {} : { previousAddress: previous }),
  };
  const planned = toPlanned(address, known).map((one) => ({ ...one, ...origin }));
  if (planned.length > 0 || Object.keys(origin).length === 0) return planned;
  return [{ address, action: importId === undefined ? 'move' : 'import', ...origin, attributes: [] }];
}

/** The id is masked where the object has it as a secret, as a random password has. */
function importIdOf(change: Change): string | undefined {
  const { importing } = change;
  if (importing === undefined || importing === null) return undefined;
  if (importing.unknown === true) return UNKNOWN;
  const id = importing.id ?? stringifyLossless(importing.identity);
  return secretTexts(change).has(id) ? SENSITIVE : id;
}

function parsePlan(json: string): PlanJson {
  try {
    return parseLossless(json) as PlanJson;
  } catch {
    // The error of the parser quotes the text.
    throw planUnreadable();
  }
}

function toPlanned(address: string, change: Change): PlannedChange[] {
  const attributes = attributeChanges(change);
  return actionsOf(change.actions).map((action) => ({ address, action, attributes }));
}

/** Terraform copies the input of its `terraform_data` to the output, and forgets what of it is sensitive. */
function marked(type: string | undefined, change: Change): Change {
  if (type !== 'terraform_data') return change;
  const withOutput = (marks: unknown): unknown => {
    if (typeof marks !== 'object' || marks === null || !('input' in marks)) return marks;
    return { ...marks, output: marks.input };
  };
  return {
    ...change,
    before_sensitive: withOutput(change.before_sensitive),
    after_sensitive: withOutput(change.after_sensitive),
  };
}

/** Mostly one; an object that is replaced and not destroyed is created and forgotten. */
function actionsOf(actions: readonly string[]): readonly PlannedAction[] {
  if (actions.includes('create') && actions.includes('delete')) return ['replace'];
  return actions.flatMap((action) => {
    switch (action) {
      case 'create':
      case 'update':
      case 'read':
      case 'forget':
        return [action];
      case 'delete':
        return ['destroy'];
      default:
        return [];
    }
  });
}
