import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache, buildOnce } from '../go-build';

const MODULE = join(__dirname, '..', '..', 'runc');

/** Path of a runc that does without CAP_SYS_RESOURCE (see `runc/main.go`); built in seconds, and kept. */
export async function runcWithoutResourceCapability(): Promise<string> {
  const key = createHash('sha256')
    .update(readFileSync(join(MODULE, 'main.go')))
    .digest('hex')
    .slice(0, 12);
  const binary = join(buildCache(), `runc-${key}`, 'runc');
  await buildOnce({ name: 'runc', module: MODULE, package: '.' }, binary);
  return binary;
}
