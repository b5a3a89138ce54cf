/* Makes the images that are named, in engine 0. Started by `ensureImages`. */
import { startDocker } from './docker';

async function main(names: readonly string[]): Promise<void> {
  const docker = await startDocker();
  try {
    await docker.makeImages(names);
  } finally {
    await docker.stop();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
