import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside `src` and `dist`. */
const SCRIPTS = join(__dirname, '..', '..', 'scripts');

/** Where the script is on the machine. */
export const MACHINE_SCRIPT_PATH = '/usr/local/sbin/mlterra-machine';

/** The script that runs the project of a machine, without its comments: user data has to be small. */
export function machineScript(): string {
  return readFileSync(join(SCRIPTS, 'machine.sh'), 'utf8').replace(/^ *#(?!!).*\n/gm, '');
}
