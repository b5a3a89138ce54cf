import { canonicalJson, isLosslessNumber, stringifyLossless } from '../state/lossless';

/** An attribute that differs, with values as a person may see them: sensitive ones are masked. */
export interface AttributeChange {
  /** Names and indexes joined by dots, e.g. `labels.team`. Empty for the value of an output. */
  readonly path: string;
  /** Undefined where there was nothing. */
  readonly before?: string;
  /** Undefined where there will be nothing. */
  readonly after?: string;
}

/** Both sides of a change, as `terraform show -json` gives them. */
export interface ValueChange {
  readonly before?: unknown;
  readonly after?: unknown;
  /** Has the shape of the value, with `true` where it is known only after the apply. */
  readonly after_unknown?: unknown;
  /** Have the shape of the value, with `true` where it and all below it is sensitive. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
}

/** Stands for a value that is sensitive. */
export const SENSITIVE = '(sensitive)';

/** Stands for a value that is known only after the apply. */
export const UNKNOWN = '(known after apply)';

const LONGEST = 120;

/** One place of a value. A place that is sensitive on one side is masked on both: they may hold the same secret. */
interface Place {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly sensitive: readonly [before: unknown, after: unknown];
  /** Texts that are sensitive somewhere in the change. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * The leaves in which both sides differ. A branch that becomes something of another kind is one leaf.
 *
 * A text that is sensitive at one place is masked at every place of the change: items of lists move, and providers copy
 * arguments into attributes that nobody marks.
 */
export function attributeChanges(change: ValueChange): readonly AttributeChange[] {
  const { before, after, after_unknown: unknown, before_sensitive, after_sensitive } = change;
  const found: AttributeChange[] = [];
  const sensitive = [before_sensitive, after_sensitive] as const;
  collect('', { before, after, unknown, sensitive, secrets: secretTexts(change) }, found);
  // Where all comes or goes, what is empty says nothing.
  const whole = isAbsent(before) || isAbsent(after);
  return whole ? found.filter((one) => !isEmptyText(one.before) && !isEmptyText(one.after)) : found;
}

/** The texts that are sensitive on one of the sides. */
export function secretTexts(change: ValueChange): ReadonlySet<string> {
  const secrets = new Set<string>();
  collectSecrets(change.before, change.before_sensitive, secrets);
  collectSecrets(change.after, change.after_sensitive, secrets);
  return secrets;
}

/** Adds the texts of a value that are sensitive. What says nothing by itself is no secret. */
function collectSecrets(value: unknown, sensitive: unknown, secrets: Set<string>): void {
  if (typeof value === 'string' && sensitive === true && !['', 'true', 'false'].includes(value)) {
    secrets.add(value);
  }
  if (!isBranch(value)) return;
  for (const [key, each] of Object.entries(value)) {
    collectSecrets(each, sensitive === true || child(sensitive, key), secrets);
  }
}

function collect(path: string, place: Place, found: AttributeChange[]): void {
  const { before, after, unknown } = place;
  if (isSensitive(place)) {
    if (differs(place)) found.push({ path, ...sides(place) });
    return;
  }
  if (unknown !== true && isSameKind(place)) {
    const keys = new Set(
      [before, after, unknown].flatMap((side) => (isBranch(side) ? Object.keys(side) : [])),
    );
    for (const key of keys) collect(path === '' ? key : `${path}.${key}`, childOf(place, key), found);
    return;
  }
  // Providers of the older kind cannot tell an empty collection from none.
  const isSame = isEqual(before, after) || (isNothing(before) && isNothing(after));
  if (unknown === true || holdsTrue(unknown) || !isSame) {
    found.push({ path, ...sides(place) });
  }
}

function sides(place: Place): Omit<AttributeChange, 'path'> {
  const before = show(masked({ ...place, unknown: undefined }, 'before'));
  const after = show(masked(place, 'after'));
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** One side without anything that is sensitive on either. */
function masked(place: Place, side: 'before' | 'after'): unknown {
  const value = place[side];
  const { unknown } = place;
  if (isSensitive(place)) return isAbsent(value) && !holdsTrue(unknown) ? value : SENSITIVE;
  if (unknown === true) return UNKNOWN;
  const branches = [value, unknown].filter(isBranch);
  if (branches.length === 0 || (!isAbsent(value) && !isBranch(value))) return value;
  const keys = [...new Set(branches.flatMap((branch) => Object.keys(branch)))];
  const children = keys.map((key) => [key, masked(childOf(place, key), side)] as const);
  return branches.every(Array.isArray) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

function isSensitive({ before, after, sensitive, secrets }: Place): boolean {
  const isSecret = (value: unknown): boolean => typeof value === 'string' && secrets.has(value);
  return sensitive.includes(true) || isSecret(before) || isSecret(after);
}

/** Whether a value is absent, or a collection without elements. */
function isNothing(value: unknown): boolean {
  return isAbsent(value) || (isBranch(value) && Object.keys(value).length === 0);
}

/** Whether a sensitive place differs: in its value, or in being sensitive. */
function differs({ before, after, unknown, sensitive }: Place): boolean {
  if (holdsTrue(unknown) || !isEqual(before, after)) return true;
  return !isAbsent(before) && (sensitive[0] === true) !== (sensitive[1] === true);
}

/** Whether both sides can be compared child by child; what is absent fits everything but nothing. */
function isSameKind({ before, after, unknown }: Place): boolean {
  const values = [before, after].filter((value) => !isAbsent(value));
  const kinds = [...values, ...(isBranch(unknown) ? [unknown] : [])];
  if (!kinds.some((kind) => Object.keys(kind).length > 0)) return false;
  return kinds.every(isBranch) && new Set(kinds.map((kind) => Array.isArray(kind))).size === 1;
}

function childOf({ before, after, unknown, sensitive, secrets }: Place, key: string): Place {
  return {
    before: child(before, key),
    after: child(after, key),
    unknown: child(unknown, key),
    sensitive: [child(sensitive[0], key), child(sensitive[1], key)],
    secrets,
  };
}

function isEqual(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

function holdsTrue(unknown: unknown): boolean {
  return unknown === true || (isBranch(unknown) && Object.values(unknown).some(holdsTrue));
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isLosslessNumber(value);
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function child(value: unknown, key: string): unknown {
  return isBranch(value) && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function show(value: unknown): string | undefined {
  if (isAbsent(value)) return undefined;
  const text = typeof value === 'string' ? value : stringifyLossless(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function isEmptyText(text: string | undefined): boolean {
  return text === '[]' || text === '{}';
}
