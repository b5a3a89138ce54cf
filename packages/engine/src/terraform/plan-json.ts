import { STAMP_ADDRESS } from '../digest/stamp';
import { canonicalJson, isLosslessNumber, parseLossless, stringifyLossless } from '../state/lossless';

/** What a plan would do to one resource or output. */
export interface PlannedChange {
  readonly address: string;
  readonly action: 'create' | 'update' | 'replace' | 'destroy' | 'read' | 'forget';
  /** Attributes that differ, with values as a person may see them: sensitive ones are masked. */
  readonly attributes: readonly AttributeChange[];
}

export interface AttributeChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
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
  readonly mode: 'managed' | 'data';
  readonly change: Change;
}

interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
}

export function summarisePlan(json: string): PlanSummary {
  const plan = parseLossless(json) as PlanJson;
  const managed = (changes: readonly ResourceChange[] | undefined): PlannedChange[] =>
    (changes ?? [])
      .filter(({ mode, address }) => mode === 'managed' && address !== STAMP_ADDRESS)
      .flatMap(({ address, change }) => toPlanned(address, change));
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

function toPlanned(address: string, change: Change): PlannedChange[] {
  const action = actionOf(change.actions);
  if (action === undefined) return [];
  const attributes: AttributeChange[] = [];
  collect('', change, attributes);
  return [{ address, action, attributes }];
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

/** Walks both sides of a change and notes the leaves that differ. */
function collect(path: string, change: Omit<Change, 'actions'>, found: AttributeChange[]): void {
  const { before, after, after_unknown: unknown, before_sensitive: hidden, after_sensitive: hiding } = change;
  if (hidden === true || hiding === true) {
    if (canonicalJson(before) !== canonicalJson(after)) {
      found.push({ path, before: '(sensitive)', after: '(sensitive)' });
    }
    return;
  }
  if (unknown === true) {
    found.push({ path, before: show(before), after: '(known after apply)' });
    return;
  }
  if (isTree(before) || isTree(after) || isTree(unknown)) {
    const keys = new Set([before, after, unknown].flatMap((side) => (isTree(side) ? Object.keys(side) : [])));
    for (const key of keys) {
      collect(
        path === '' ? key : `${path}.${key}`,
        {
          before: child(before, key),
          after: child(after, key),
          after_unknown: child(unknown, key),
          before_sensitive: child(hidden, key),
          after_sensitive: child(hiding, key),
        },
        found,
      );
    }
    return;
  }
  if (!(before == null && after == null) && canonicalJson(before) !== canonicalJson(after)) {
    found.push({ path, before: show(before), after: show(after) });
  }
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isLosslessNumber(value);
}

function child(value: unknown, key: string): unknown {
  return isTree(value) ? (value as Record<string, unknown>)[key] : undefined;
}

function show(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : stringifyLossless(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
