import { posix, win32 } from 'node:path';
import { DataTerraformRemoteStateLocal, LocalBackend, Token, type TerraformStack } from 'cdktf';
import { stateDirectoryInvalid } from '../errors';
import { renderLiteral } from '../literal';
import type { StateBackend, StateLocation } from './backend';

export interface LocalStateProps {
  /**
   * Folder for the states, relative to the environment's folder, with `/` between its parts; may lie outside of the
   * environment, e.g. `../../states`. What mlterra creates in it can be read by its owner only.
   * @default ".mlterra/state"
   */
  readonly directory?: string;
}

/** Folders beside `environment.ts` that mlterra empties. */
const EMPTIED = ['cdktf.out', '.mlterra/stacks'];

/**
 * States in files beside the environment. For one person on one machine; share states by `s3State` or `pgState`.
 * @throws MlterraError `state-directory` when the directory is absolute, or is none
 */
export function localState(props: LocalStateProps = {}): StateBackend {
  const directory = props.directory ?? '.mlterra/state';
  const problem = problemOf(directory);
  if (problem !== undefined) throw stateDirectoryInvalid(directory, problem);
  const path = (key: string): string => `../../../${directory}/${key}.tfstate`;
  return {
    type: 'local',
    location: (key): StateLocation => ({ type: 'local', path: path(key) }),
    configure: (stack: TerraformStack, key: string): void => {
      new LocalBackend(stack, { path: path(key) });
    },
    // Unlike the backend, which Terraform reads as it is written.
    remoteState: (consumer, id, key) =>
      new DataTerraformRemoteStateLocal(consumer, id, { path: renderLiteral(path(key)) }),
  };
}

function problemOf(directory: string): string | undefined {
  if (directory.trim() === '') return 'is empty';
  if (Token.isUnresolved(directory)) return 'is known to Terraform only';
  // Synthesised files are the same on every machine: they hold no absolute path.
  if (posix.isAbsolute(directory) || win32.isAbsolute(directory) || /^[A-Za-z]:/.test(directory))
    return 'is absolute';
  if (directory.startsWith('~')) return 'counts from the home folder, which only a shell replaces';
  if (directory.includes('\\')) return 'has a \\ in it';
  const normal = posix.normalize(directory).replace(/\/$/, '');
  const emptied = EMPTIED.find((folder) => normal === folder || normal.startsWith(`${folder}/`));
  return emptied === undefined ? undefined : `lies in ${emptied}, which mlterra empties`;
}
