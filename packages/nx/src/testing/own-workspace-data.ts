import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// What Nx remembers of this workspace must not answer for the code under test.
const folder = mkdtempSync(path.join(tmpdir(), 'mlterra-nx-data-'));
process.env['NX_WORKSPACE_DATA_DIRECTORY'] = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
