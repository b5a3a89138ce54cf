import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { commandFailed, noStandIn } from '../errors';
import { areImagesMade } from './images';
import { IMAGES, IMAGES_ON_DEMAND } from './stand-ins';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'docker', 'make-images-main.js');
const KEPT_OUTPUT = 8192;

/** Whether images of the test bed are in its registry, so that a test that uses them has not to wait. */
export function hasImages(names: readonly string[]): boolean {
  return areImagesMade([...IMAGES, ...names]);
}

/**
 * Puts images of the test bed into its registry, whichever engine this process uses: those that are made on demand
 * are built, with their programs, when they are missing.
 */
export async function ensureImages(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => ![...IMAGES, ...IMAGES_ON_DEMAND].includes(name));
  if (unknown !== undefined) throw noStandIn(unknown);
  if (hasImages(names)) return;
  // Engine 0 fills the registry; its number is a matter of the whole process.
  const child = spawn(process.execPath, [PROGRAM, ...names], {
    env: { ...process.env, MLTERRA_TESTBED_ENGINE: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw commandFailed('Making images', output);
  if (!hasImages(names)) {
    const why =
      'The engine that runs was started before the test bed was compiled anew. When its users have ended, try again.';
    throw commandFailed('Making images', why);
  }
}
