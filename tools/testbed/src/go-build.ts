import { homedir } from 'node:os';
import { join } from 'node:path';

export { buildOnce, type GoProgram } from '@mlterra/terratest-wrapper/go-build';

/** Folder outside of the checkout in which built programs are kept. */
export function buildCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'mlterra', 'testbed');
}
