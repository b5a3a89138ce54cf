import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KEY_LENGTH = 12;

/** Names the content of a Go module with a program of this package: a changed source is built anew. */
export function moduleKey(module: string): string {
  const hash = createHash('sha256');
  const files = (readdirSync(module, { recursive: true }) as string[])
    .filter((name) => statSync(join(module, name)).isFile())
    .sort();
  for (const name of files)
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(module, name)))
      .update('\0');
  return hash.digest('hex').slice(0, KEY_LENGTH);
}
