import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** Jest's configuration of this workspace, for a folder outside of it, which resolves no package by itself. */
const CONFIGURATION = `
const preset = require(${JSON.stringify(join(ROOT, 'jest.preset.js'))});
const [[pattern, [transformer, options]]] = Object.entries(preset.transform);
module.exports = {
  ...preset,
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.test.ts'],
  transform: { [pattern]: [require.resolve(transformer, { paths: [${JSON.stringify(ROOT)}] }), options] },
};
`;

export interface ChildJest {
  readonly process: ChildProcess;
  /** Exit code or signal, and all that was printed. */
  readonly ended: Promise<{ readonly end: number | NodeJS.Signals | null; readonly printed: string }>;
}

/** Runs the tests `*.test.ts` of a folder in a Jest of their own; they import this package by its name. */
export function startJest(
  folder: string,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = ['-i'],
): ChildJest {
  writeFileSync(join(folder, 'jest.config.js'), CONFIGURATION);
  const jest = join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, '--colors=false', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  }
  const ended = new Promise<{ end: number | NodeJS.Signals | null; printed: string }>((resolve) => {
    child.once('close', (code, signal) => resolve({ end: code ?? signal, printed }));
  });
  return { process: child, ended };
}
