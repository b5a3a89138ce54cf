import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Spec files of a package that start programs, relative to its folder, with `/`. */
export function slowSpecs(folder: string, patterns: readonly string[]): readonly string[] {
  const slow = patterns.map((pattern) => new RegExp(pattern));
  return readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .filter((file) => {
      const source = readFileSync(join(folder, 'src', file), 'utf8');
      return slow.some((pattern) => pattern.test(source));
    })
    .map((file) =>
      relative(folder, join(folder, 'src', file))
        .split(sep)
        .join('/'),
    )
    .sort();
}
