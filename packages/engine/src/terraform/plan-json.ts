import { STAMP_ADDRESS } from '../digest/stamp';
import { planUnreadable } from '../errors';
import { parseLossless } from '../state/lossless';
import { attributeChanges, type AttributeChange, type ValueChange } from './attribute-changes';

/** What a plan would do to one resource or output. */
export interface PlannedChange {
  readonly address: string;
  readonly action: 'create' | 'update' | 'replace' | 'destroy' | 'read' | 'forget';
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
  readonly mode: 'managed' | 'data';
  readonly change: Change;
}

interface Change extends ValueChange {
  readonly actions: readonly string[];
}

export function summarisePlan(json: string): PlanSummary {
  const plan = parsePlan(json);
  const managed = (changes: readonly ResourceChange[] | undefined): PlannedChange[] =>
    (changes ?? [])
      .filter(({ mode, address }) => mode === 'managed' && address !== STAMP_ADDRESS)
      .flatMap(({ address, type, change }) =>
        toPlanned(address, type === 'terraform_data' ? withOutputMarked(change) : change),
      );
  const stamp = (plan.resource_changes ?? []).find(({ address }) => address === STAMP_ADDRESS);
  const resources = managed(plan.resource_changes);
  const outputs = Object.entries(plan.output_changes ?? {}).flatMap(([name, change]) =>
    toPlanned(name, change),
  );
  return {
    resources,
    outputs,
    drift: managed(plan.resource_drift),
    stampOnly:
      resources.length === 0 &&
      outputs.length === 0 &&
      stamp !== undefined &&
      toPlanned('', stamp.change).length > 0,
  };
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
  const action = actionOf(change.actions);
  if (action === undefined) return [];
  return [{ address, action, attributes: attributeChanges(change) }];
}

/** Terraform copies the input of its `terraform_data` to the output, and forgets what of it is sensitive. */
function withOutputMarked(change: Change): Change {
  const marked = (marks: unknown): unknown => {
    if (typeof marks !== 'object' || marks === null || !('input' in marks)) return marks;
    return { ...marks, output: marks.input };
  };
  return {
    ...change,
    before_sensitive: marked(change.before_sensitive),
    after_sensitive: marked(change.after_sensitive),
  };
}

function actionOf(actions: readonly string[]): PlannedChange['action'] | undefined {
  if (actions.includes('create') && actions.includes('delete')) return 'replace';
  switch (actions[0]) {
    case 'create':
    case 'update':
    case 'read':
    case 'forget':
      return actions[0];
    case 'delete':
      return 'destroy';
    default:
      return undefined;
  }
}
