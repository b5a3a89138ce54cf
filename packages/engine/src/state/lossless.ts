import {
  compareNumber,
  isInteger,
  isLosslessNumber,
  LosslessNumber,
  parse,
  splitNumber,
  stringify,
} from 'lossless-json';

export { isLosslessNumber, LosslessNumber };

/**
 * Parses JSON and keeps every digit of its numbers. A number that JavaScript prints as it stands in the text is a
 * `number`; any other one (9007199254740993, 1e400, 1.0) is a `LosslessNumber`, which holds that text.
 * @throws SyntaxError where the text is not JSON
 */
export function parseLossless(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // The parser that keeps digits takes twenty times as long, and hardly any state needs it.
  if (numbersOf(text).every(isPlain)) return value;
  return parse(text, undefined, {
    parseNumber: (number) => (isPlain(number) ? Number(number) : new LosslessNumber(number)),
    // As JSON.parse and Terraform do.
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/**
 * JSON of a value that `parseLossless` returned, with the same digits.
 * @param space as for `JSON.stringify`; Terraform indents states by 2
 */
export function stringifyLossless(value: unknown, space?: number): string {
  return stringify(value, undefined, space) ?? 'null';
}

/**
 * JSON of a value that `parseLossless` returned, the same for all texts that mean the same: keys are sorted, and
 * 1.0 is 1. For hashes and comparisons.
 */
export function canonicalJson(value: unknown): string {
  if (isLosslessNumber(value)) return canonicalNumber(value.value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  const json = (key: string): string =>
    `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`;
  return `{${members.map(json).join(',')}}`;
}

/**
 * The value for code that does not know `LosslessNumber`: an integer that no `number` can hold is a `bigint`, any
 * other number is the nearest `number`.
 */
export function toPlain(value: unknown): unknown {
  if (isLosslessNumber(value)) {
    const text = value.value;
    return isInteger(text) && !isExact(text) ? BigInt(text) : Number(text);
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, toPlain(child)]));
}

/** Whether JavaScript prints the number as it is written here, so that no digit can be lost. */
function isPlain(text: string): boolean {
  return String(Number(text)) === text;
}

/** Whether JavaScript prints the same number, however it is written here. */
function isExact(text: string): boolean {
  const printed = String(Number(text));
  return !printed.endsWith('Infinity') && compareNumber(text, printed) === 0;
}

function canonicalNumber(text: string): string {
  if (isExact(text)) return JSON.stringify(Number(text));
  const { sign, digits, exponent } = splitNumber(text);
  return `${sign}${digits}e${exponent - digits.length + 1}`;
}

/** Texts of the numbers in valid JSON. */
function numbersOf(text: string): readonly string[] {
  const tokens = text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|(-?\d[-+.\deE]*)/g);
  return [...tokens].flatMap(([, number]) => number ?? []);
}
