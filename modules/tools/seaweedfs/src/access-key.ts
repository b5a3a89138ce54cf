import { createHash } from 'node:crypto';

/** SeaweedFS takes letters and digits only: two buckets whose names differ in other signs have different keys. */
export function accessKeyOf(bucket: string): string {
  const hash = createHash('sha256').update(bucket).digest('hex').slice(0, 8);
  return `${bucket.replace(/[^a-z0-9]/gi, '')}${hash}`;
}
