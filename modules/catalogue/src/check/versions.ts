/**
 * The newest of some versions that are written as the given one is, e.g. `18.5-bookworm` for `18.4-bookworm`. Others, such as
 * release candidates, flavours and versions of something else, are left aside, and a leading `v` is the same as none.
 * @returns the given one where none is newer
 */
export function newestLike(given: string, versions: readonly string[]): string {
  const pattern = shapeOf(given);
  return versions.reduce((newest, version) => (isNewer(version, newest, pattern) ? version : newest), given);
}

/** Whether two texts name the same version, with `v` or without. */
export function isSameVersion(one: string, other: string): boolean {
  return withoutV(one) === withoutV(other);
}

/** Every number may be another, everything else has to be the same. */
function shapeOf(version: string): RegExp {
  const parts = withoutV(version).split(/\d+/).map(escaped);
  return new RegExp(`^v?${parts.join('(\\d+)')}$`);
}

function isNewer(version: string, than: string, pattern: RegExp): boolean {
  const numbers = numbersOf(version, pattern);
  const known = numbersOf(than, pattern);
  if (numbers === undefined || known === undefined) return false;
  const index = numbers.findIndex((number, place) => number !== known[place]);
  return index !== -1 && numbers[index]! > known[index]!;
}

function numbersOf(version: string, pattern: RegExp): readonly number[] | undefined {
  return pattern.exec(version)?.slice(1).map(Number);
}

function withoutV(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
