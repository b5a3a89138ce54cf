import fc from 'fast-check';

/** A value as Terraform knows it. Every text and key is an object of its own, so that it can be followed. */
export type Value =
  | { readonly kind: 'text'; readonly secret: boolean }
  | { readonly kind: 'null'; readonly secret: boolean }
  | { readonly kind: 'unknown'; readonly secret: boolean }
  | { readonly kind: 'set'; readonly items: readonly Value[]; readonly secret: boolean }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly secret: boolean }
  | { readonly kind: 'object'; readonly entries: readonly Entry[]; readonly secret: boolean };

type Entry = readonly [key: Key, value: Value];

interface Key {
  readonly kind: 'key';
}

/** The value of one attribute before and after a change. */
export type Pair = readonly [before: Value, after: Value];

const secret = fc.nat({ max: 4 }).map((number) => number === 4);
const text = secret.map((is): Value => ({ kind: 'text', secret: is }));
const key = fc.constant(undefined).map((): Key => ({ kind: 'key' }));

const { value } = fc.letrec<{ value: Value; list: Value; object: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: text },
    { weight: 1, arbitrary: secret.map((is): Value => ({ kind: 'null', secret: is })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(text, { maxLength: 3 }), secret)
        .map(([items, is]): Value => ({ kind: 'set', items, secret: is })),
    },
    { weight: 2, arbitrary: tie('list') },
    { weight: 3, arbitrary: tie('object') },
  ),
  list: fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), secret)
    .map(([items, is]): Value => ({ kind: 'list', items, secret: is })),
  object: fc
    .tuple(fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }), secret)
    .map(([entries, is]): Value => ({ kind: 'object', entries, secret: is })),
}));

const unknown = secret.map((is): Value => ({ kind: 'unknown', secret: is }));

/** Pairs of values: unchanged, changed in places, of another shape, shorter, unknown as a whole or in part. */
export const pairs: fc.Arbitrary<Pair> = fc.letrec<{ pair: Pair; list: Pair; object: Pair }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 1, arbitrary: value.map((same): Pair => [same, same]) },
    { weight: 2, arbitrary: fc.tuple(value, value) },
    { weight: 1, arbitrary: fc.tuple(value, unknown) },
    { weight: 2, arbitrary: tie('list') },
    { weight: 3, arbitrary: tie('object') },
  ),
  list: fc
    .tuple(fc.array(tie('pair'), { maxLength: 3 }), secret, secret, fc.nat({ max: 2 }), fc.nat({ max: 2 }))
    .map(([items, before, after, gone, come]): Pair => [
      { kind: 'list', items: items.map(([one]) => one).slice(come), secret: before },
      { kind: 'list', items: items.map(([, one]) => one).slice(gone), secret: after },
    ]),
  object: fc
    .tuple(fc.array(fc.tuple(key, tie('pair'), fc.nat({ max: 5 })), { maxLength: 3 }), secret, secret)
    .map(([entries, before, after]): Pair => [
      {
        kind: 'object',
        entries: entries.flatMap(([name, [one], gone]) => (gone === 1 ? [] : [[name, one] as const])),
        secret: before,
      },
      {
        kind: 'object',
        entries: entries.flatMap(([name, [, one], gone]) => (gone === 2 ? [] : [[name, one] as const])),
        secret: after,
      },
    ]),
})).pair;

/** Gives texts and keys their names, each another one: `c7x` or `k7x`. */
export class Names {
  private readonly known = new Map<object, string>();

  public of(thing: Value | Key): string {
    const name = this.known.get(thing) ?? `${thing.kind === 'key' ? 'k' : 'c'}${this.known.size}x`;
    this.known.set(thing, name);
    return name;
  }

  /** As `show -json` has it; unknown parts are left out. */
  public json(given: Value): unknown {
    switch (given.kind) {
      case 'text':
        return this.of(given);
      case 'null':
        return null;
      case 'unknown':
        return undefined;
      case 'set':
      case 'list':
        return given.items.map((item) => this.json(item) ?? null);
      case 'object':
        return Object.fromEntries(given.entries.map(([name, item]) => [this.of(name), this.json(item)]));
    }
  }

  /** The part of `show -json` that says what is known only after the apply. */
  public unknown(given: Value): unknown {
    if (given.kind === 'unknown') return true;
    if (given.kind === 'list' || given.kind === 'set') return given.items.map((item) => this.unknown(item));
    if (given.kind !== 'object') return false;
    return Object.fromEntries(
      given.entries
        .map(([name, item]) => [this.of(name), this.unknown(item)] as const)
        .filter(([, is]) => is !== false),
    );
  }

  /** The part of `show -json` that says what is sensitive. */
  public sensitive(given: Value): unknown {
    if (isSecret(given)) return true;
    if (given.kind === 'list' || given.kind === 'set') return given.items.map((item) => this.sensitive(item));
    if (given.kind !== 'object') return false;
    return Object.fromEntries(
      given.entries
        .map(([name, item]) => [this.of(name), this.sensitive(item)] as const)
        .filter(([, is]) => is !== false),
    );
  }

  /** An expression of Terraform's language. */
  public expression(given: Value, unknownValue: string): string {
    const plain = (): string => {
      switch (given.kind) {
        case 'text':
          return JSON.stringify(this.of(given));
        case 'null':
          return 'null';
        case 'unknown':
          return unknownValue;
        case 'list':
          return `[${given.items.map((item) => this.expression(item, unknownValue)).join(', ')}]`;
        case 'set':
          return `toset([${given.items.map((item) => this.expression(item, unknownValue)).join(', ')}])`;
        case 'object':
          return `{ ${given.entries.map(([name, item]) => `${this.of(name)} = ${this.expression(item, unknownValue)}`).join(', ')} }`;
      }
    };
    return given.secret ? `sensitive(${plain()})` : plain();
  }

  /** Names of the texts that are sensitive in one of the values, and of the keys that are nowhere open. */
  public secrets(...values: readonly Value[]): string[] {
    const found = { secret: new Set<string>(), open: new Set<string>() };
    for (const value of values) this.sort(value, false, found);
    return [...found.secret].filter((name) => name.startsWith('c') || !found.open.has(name));
  }

  private sort(given: Value, within: boolean, found: Record<'secret' | 'open', Set<string>>): void {
    const secretHere = within || isSecret(given);
    const names = found[secretHere ? 'secret' : 'open'];
    if (given.kind === 'text') names.add(this.of(given));
    else if (given.kind === 'object') given.entries.forEach(([name]) => names.add(this.of(name)));
    childrenOf(given).forEach((item) => this.sort(item, secretHere, found));
  }
}

function childrenOf(given: Value): readonly Value[] {
  if (given.kind === 'object') return given.entries.map(([, item]) => item);
  return given.kind === 'list' || given.kind === 'set' ? given.items : [];
}

/** Whether all of a value is sensitive. A set is where an element is. */
export function isSecret(given: Value): boolean {
  return given.secret || (given.kind === 'set' && given.items.some(isSecret));
}

/** Whether anything in a value is sensitive. */
export function holdsSecret(given: Value): boolean {
  return isSecret(given) || childrenOf(given).some(holdsSecret);
}

/** Everything in a value that is a text. */
export function textsIn(given: Value): readonly Value[] {
  return given.kind === 'text' ? [given] : childrenOf(given).flatMap(textsIn);
}
