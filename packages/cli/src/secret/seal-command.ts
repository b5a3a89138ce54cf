import path from 'node:path';
import {
  fetchCertificate,
  keyInvalid,
  sealingKey,
  sealValue,
  valueEmpty,
  writeSealedFile,
} from '@mlterra/sealing';
import { Command } from 'commander';
import { once, options } from '../options';
import { clusterOptions, secretContext } from './context';
import { valueAsArgument } from './errors';
import { openCluster, type ClusterOptions } from './open-cluster';
import { readSecretFile, readValue } from './read-value';
import { sealedNamed, type SealedPlace } from './sealed-places';

interface SealValues extends ClusterOptions {
  readonly stage?: string;
  readonly fromFile?: string;
  readonly cert?: string;
}

const HELP = `
The value is asked for and not shown, or comes from standard input (without the newline at its end) or from a file
(byte for byte); never from an argument, which others on this machine could see. It is sealed for the Secret of a
construct SealedSecret, into secrets/<stage>-<secret>.sealed.yaml of the environment, where other keys stay.`;

/** Environment, secret and key: what comes after them was meant to be the value. */
const ARGUMENTS = 3;

/** Where there is no cluster to ask. */
const WITHOUT_CLUSTER = 'seal with the certificate of its controller by `--cert <file>`';

/** `mlterra secret seal` */
export function sealCommand(): Command {
  const command = new Command('seal')
    .description('seal a value for git, so that only the cluster can open it')
    .argument('<environment>', 'name of an environment')
    .argument('<secret>', 'name of a sealed secret in it')
    .argument('<key>', 'which value of the secret')
    .allowExcessArguments()
    .addOption(options.stage())
    .addOption(once('--from-file <file>', 'file with the value'))
    .addOption(once('--cert <file>', 'certificate of the controller, to seal without the cluster'))
    .addHelpText('after', HELP);
  return clusterOptions(command).action(
    async (given: string, name: string, key: string, values: SealValues) => {
      if (command.args.length > ARGUMENTS) throw valueAsArgument();
      if (!/^[A-Za-z0-9._-]{1,253}$/.test(key)) throw keyInvalid(key);
      const { dir, places, show } = await secretContext(given, values.stage);
      const place = sealedNamed(places, name, values.stage);
      const publicKey = await keyOf(dir, place, values);
      const value = await readValue(`Value of "${key}": `, values.fromFile);
      if (value.length === 0) throw valueEmpty(key);
      writeSealedFile(place.file, place.recipient, { [key]: sealValue(publicKey, place.recipient, value) });
      console.log(`sealed ${key} for ${place.recipient.namespace}/${name} in ${show(place.file)}`);
    },
  );
}

async function keyOf(dir: string, { controller }: SealedPlace, values: SealValues) {
  if (values.cert !== undefined) {
    return sealingKey(readSecretFile(path.resolve(values.cert)).toString('utf8'), values.cert);
  }
  const cluster = await openCluster(dir, controller, values, WITHOUT_CLUSTER);
  return sealingKey(
    await fetchCertificate(cluster, controller.location),
    `the controller of ${controller.stack}`,
  );
}
