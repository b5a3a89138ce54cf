import type { Value } from '../protocol/values';
import { bytesFor, type FakeContext, lettersFor, numberOf, type Rule, textOf } from './fake-context';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

/** What a password is made of where nothing is said. */
export const characterClasses: Readonly<Record<string, Rule>> = Object.fromEntries([
  ...['lower', 'upper', 'number', 'numeric', 'special'].map((name): [string, Rule] => [name, () => true]),
  ...['min_lower', 'min_upper', 'min_numeric', 'min_special'].map((name): [string, Rule] => [name, () => 0]),
]);

export function randomText(context: FakeContext): string {
  const asked = (name: string): boolean => context.get(name) !== false;
  const special = textOf(context, 'override_special') ?? '!@#$%&*()-_=+[]{}<>:?';
  const classes = [
    ...(asked('lower') ? [lower] : []),
    ...(asked('upper') ? [lower.toUpperCase()] : []),
    ...(asked('numeric') && asked('number') ? [digits] : []),
    ...(asked('special') ? [special] : []),
  ];
  const length = numberOf(context, 'length') ?? 16;
  // One of each class, so that every minimum of one holds.
  const first = classes
    .map((alphabet, index) => lettersFor(`${index} ${context.seed}`, 1, alphabet))
    .join('');
  return (first + lettersFor(context.seed, length, classes.join('') || lower)).slice(0, length);
}

export function randomBytes(context: FakeContext): Buffer {
  return bytesFor(context.seed, numberOf(context, 'byte_length') ?? 8);
}

export function randomInteger(context: FakeContext): number {
  const min = numberOf(context, 'min') ?? 0;
  const max = numberOf(context, 'max') ?? min;
  return min + (bytesFor(context.seed, 4).readUInt32BE() % (max - min + 1));
}

export function petName(context: FakeContext): string {
  const separator = textOf(context, 'separator') ?? '-';
  const parts = Array.from({ length: numberOf(context, 'length') ?? 2 }, (_, index) =>
    lettersFor(`${index} ${context.seed}`, 5, lower),
  );
  const prefix = textOf(context, 'prefix');
  return [...(prefix === undefined ? [] : [prefix]), ...parts].join(separator);
}

export function shuffled(context: FakeContext): Value | undefined {
  const input = context.get('input');
  if (!Array.isArray(input)) return undefined;
  const turn = input.length === 0 ? 0 : bytesFor(context.seed, 1)[0]! % input.length;
  const turned = [...input.slice(turn), ...input.slice(0, turn)];
  return turned.slice(0, numberOf(context, 'result_count') ?? turned.length);
}
