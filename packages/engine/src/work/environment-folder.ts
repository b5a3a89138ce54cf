import path from 'node:path';
import { privateFolder } from '../private-files/private-files';

/** The folder `.mlterra` of an environment or a workspace, which only its owner can enter. Made where it is missing. */
export function environmentFolder(dir: string): string {
  const folder = path.join(dir, '.mlterra');
  privateFolder(folder);
  return folder;
}
