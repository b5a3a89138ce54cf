import path from 'node:path';
import { Command, Option } from 'commander';
import { once, options } from '../options';
import { clusterOptions, secretContext } from './context';
import { openCluster, type ClusterOptions } from './open-cluster';
import { readPassphrase, readSecretFile } from './read-value';
import { controllerIn } from './sealed-places';

interface BackupValues extends ClusterOptions {
  readonly stage?: string;
  readonly out: string;
  readonly recipient?: readonly string[];
  readonly passphraseFile?: string;
}

interface RestoreValues extends ClusterOptions {
  readonly stage?: string;
  readonly identity?: string;
  readonly passphraseFile?: string;
}

const passphraseFile = (): Option =>
  once('--passphrase-file <file>', 'file with the passphrase; default: it is asked for');

/** `mlterra secret backup-keys` */
export function backupKeysCommand(): Command {
  const command = new Command('backup-keys')
    .description("write the controller's keys into a file, encrypted with age")
    .argument('<environment>', 'name of an environment')
    .addOption(options.stage())
    .addOption(once('--out <file>', 'file to write').makeOptionMandatory())
    .addOption(
      new Option('--recipient <recipient>', 'who opens it, age1…; may be repeated').argParser(
        (given: string, before: readonly string[] = []) => [...before, given],
      ),
    )
    .addOption(passphraseFile());
  return clusterOptions(command).action(async (given: string, values: BackupValues) => {
    const { dir, places, show } = await secretContext(given, values.stage);
    const controller = controllerIn(places, values.stage);
    const cluster = await openCluster(dir, controller, values);
    const secret =
      values.recipient === undefined
        ? { passphrase: await readPassphrase(values.passphraseFile, 'make') }
        : { recipients: values.recipient };
    const { backUpKeys } = await import('@mlterra/sealing/keys');
    const file = path.resolve(values.out);
    const count = await backUpKeys(cluster, controller.location, file, secret);
    console.log(`wrote ${count} keys of ${controller.stack} to ${show(file)}`);
    console.error(
      'Whoever opens this file can open every sealed file of the environment, also those in the history of git: keep it elsewhere.',
    );
  });
}

/** `mlterra secret restore-keys` */
export function restoreKeysCommand(): Command {
  const command = new Command('restore-keys')
    .description('put keys of a backup back, and have the controller read them')
    .argument('<environment>', 'name of an environment')
    .argument('<file>', 'file of backup-keys')
    .addOption(options.stage())
    .addOption(once('--identity <file>', 'file with an identity of age, AGE-SECRET-KEY-1…'))
    .addOption(passphraseFile());
  return clusterOptions(command).action(async (given: string, backup: string, values: RestoreValues) => {
    const { dir, places } = await secretContext(given, values.stage);
    const controller = controllerIn(places, values.stage);
    const cluster = await openCluster(dir, controller, values);
    const secret =
      values.identity === undefined
        ? { passphrase: await readPassphrase(values.passphraseFile, 'open') }
        : { identity: identityIn(values.identity) };
    const { restoreKeys } = await import('@mlterra/sealing/keys');
    const { restored, known } = await restoreKeys(cluster, controller.location, path.resolve(backup), secret);
    console.log(`restored ${restored.length} keys; ${known.length} were there already`);
  });
}

/** Files of age-keygen have comments. */
function identityIn(file: string): string {
  const text = readSecretFile(file).toString('utf8');
  return /^AGE-SECRET-KEY-\S+$/m.exec(text)?.[0] ?? text.trim();
}
