/** The parts of a name in Helm's `--set` syntax; a dot behind a backslash belongs to its part. */
export function readSetName(name: string): readonly string[] {
  const parts = [''];
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '.') parts.push('');
    else parts[parts.length - 1] += name[at] === '\\' ? (name[++at] ?? '') : name[at]!;
  }
  return parts;
}

/**
 * A text in Helm's `--set-string` syntax as Helm reads it: a backslash makes the next character plain, a bare comma
 * ends the text. Undefined where Helm reads a list.
 */
export function readSetValue(value: string): string | undefined {
  if (value.startsWith('{')) return undefined;
  let text = '';
  for (let at = 0; at < value.length && value[at] !== ','; at++) {
    text += value[at] === '\\' ? (value[++at] ?? '') : value[at]!;
  }
  return text;
}
