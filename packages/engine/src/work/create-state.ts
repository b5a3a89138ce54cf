import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StateLocation } from '@mlterra/core';
import type { StateReader } from '../state/state-reader';
import { engineError } from '../terraform/diagnostics';
import type { EngineRun } from '../terraform/run-engine';

/**
 * Has the engine store an empty state where a `pg` backend has none yet. There, whoever works on a state that
 * does not exist holds the one lock for new states of the whole database: a first apply of an hour would keep
 * everybody else out for an hour. Once the state exists, it has a lock of its own.
 */
export async function createState(
  location: StateLocation,
  reader: StateReader,
  push: (file: string) => Promise<EngineRun>,
): Promise<void> {
  if (location.type !== 'pg' || (await reader.read(location)).kind !== 'absent') return;
  const folder = mkdtempSync(path.join(tmpdir(), 'mlterra-state-'));
  try {
    const file = path.join(folder, 'empty.tfstate');
    const empty = { version: 4, serial: 1, lineage: randomUUID(), outputs: {}, resources: [] };
    writeFileSync(file, JSON.stringify(empty));
    const run = await push(file);
    // Where somebody else was faster, the engine refuses to replace that state by another one.
    if (run.code !== 0 && (await reader.read(location)).kind === 'absent') {
      throw engineError('terraform state push', run.diagnostics, run.log);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
