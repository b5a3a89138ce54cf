import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolderMoved } from '../errors';
import { writeAtomically } from './atomic-file';
import { DataFolder } from './data-folder';
import { registeredProcesses } from './registry';

/** In the environment's folder: where the processes were put, whatever the variables say later. */
const RECORD = '.mlterra/host.json';

interface FolderRecord {
  /** The environment's folder; a record that came along with a copy says nothing about the copy. */
  readonly environmentDir: string;
  readonly root: string;
}

/** The data folder that the environment uses, or would use. */
export function currentDataFolder(environmentDir: string, environment: string): DataFolder {
  return recorded(environmentDir, environment) ?? DataFolder.of(environmentDir, environment);
}

/** Notes the data folder; throws when the environment still has processes in another one. */
export function recordDataFolder(environmentDir: string, data: DataFolder): void {
  const before = recorded(environmentDir, data.environment);
  if (before?.root === data.root) return;
  if (before && registeredProcesses(before).length > 0) throw dataFolderMoved(before.root, data.root);
  const record: FolderRecord = { environmentDir: realpathSync(environmentDir), root: data.root };
  writeAtomically(join(environmentDir, RECORD), JSON.stringify(record), 0o644);
}

function recorded(environmentDir: string, environment: string): DataFolder | undefined {
  let record: FolderRecord;
  try {
    record = JSON.parse(readFileSync(join(environmentDir, RECORD), 'utf8')) as FolderRecord;
  } catch {
    return undefined;
  }
  if (record.environmentDir !== realpathSync(environmentDir)) return undefined;
  return new DataFolder(record.root, environment);
}
