import path from 'node:path';
import { literalOf, type Call } from './calls';

/** Functions that read a file, by their first argument. */
export const READ_FILE: readonly string[] = [
  'file',
  'filebase64',
  'filebase64sha256',
  'filebase64sha512',
  'filemd5',
  'filesha1',
  'filesha256',
  'filesha512',
  'templatefile',
];

/** Files that a module reads by a literal path from its own folder. */
export function filesRead(calls: readonly Call[], dir: string): readonly string[] {
  return calls.flatMap(({ name, arguments: [first] }) => {
    const found = READ_FILE.includes(name) ? literalOf(first, { module: dir }) : undefined;
    return found !== undefined && found.startsWith(`${dir}${path.sep}`) ? [path.resolve(found)] : [];
  });
}
