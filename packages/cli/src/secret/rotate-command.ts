import { existsSync } from 'node:fs';
import { readSealedFileFor, sealAgain, writeSealedFile } from '@mlterra/sealing';
import { Command } from 'commander';
import { options } from '../options';
import { reportError } from '../report-error';
import { clusterOptions, secretContext } from './context';
import { openCluster, type ClusterOptions } from './open-cluster';
import { inStage, type SealedPlace } from './sealed-places';

interface RotateValues extends ClusterOptions {
  readonly stage?: string;
  readonly verbose?: boolean;
}

/** `mlterra secret rotate` */
export function rotateCommand(): Command {
  const command = new Command('rotate')
    .description('seal all sealed files again with the newest key; the values stay in the cluster')
    .argument('<environment>', 'name of an environment')
    .addOption(options.stage());
  return clusterOptions(command).action(async (given: string, values: RotateValues) => {
    const { dir, places, show } = await secretContext(given, values.stage);
    const found = inStage(places.sealed, values.stage).filter(({ file }) => existsSync(file));
    for (const place of found) {
      try {
        await rotate(dir, place, values);
        console.log(`sealed again ${show(place.file)}`);
      } catch (error) {
        process.exitCode = 1;
        reportError(error, values.verbose === true);
      }
    }
    if (found.length === 0) console.log('there are no sealed files');
  });
}

async function rotate(dir: string, place: SealedPlace, values: RotateValues): Promise<void> {
  const { file, recipient, controller } = place;
  const content = readSealedFileFor(file, recipient);
  const cluster = await openCluster(dir, controller, values);
  writeSealedFile(file, recipient, await sealAgain(cluster, controller.location, content, file));
}
