import { readFileSync } from 'node:fs';
import type { ClusterRequests, ControllerLocation } from './controller';
import { placeOf } from './controller';
import {
  backupForAnother,
  backupUnreadable,
  keysMissing,
  recipientInvalid,
  recipientsMissing,
} from './errors';
import { writePrivateFile } from './private-file';

/** Label of the Secrets in which the controller keeps its keys. */
const KEY_LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';

/** Who opens a backup: whoever knows a passphrase, or has an identity of age. */
export type BackupSecret =
  | { readonly passphrase: string }
  | { readonly recipients: readonly string[] }
  | { readonly identity: string };

interface KeySecret {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly type: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data: Readonly<Record<string, string>>;
}

interface KeyList {
  readonly apiVersion: 'v1';
  readonly kind: 'List';
  readonly items: readonly KeySecret[];
}

/**
 * Writes the keys of the controller, encrypted, into a file that only its owner reads. `age --decrypt` opens it too:
 * what is in it can be given to kubectl.
 * @returns how many keys there are
 */
export async function backUpKeys(
  cluster: ClusterRequests,
  controller: ControllerLocation,
  file: string,
  secret: Exclude<BackupSecret, { readonly identity: string }>,
): Promise<number> {
  // age would encrypt for nobody, so that nobody opens it.
  if ('recipients' in secret && secret.recipients.length === 0) throw recipientsMissing();
  const items = await keysOf(cluster, controller);
  if (items.length === 0) throw keysMissing(placeOf(controller));
  const list: KeyList = { apiVersion: 'v1', kind: 'List', items };
  const { armor, Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if ('passphrase' in secret) encrypter.setPassphrase(secret.passphrase);
  else for (const recipient of secret.recipients) addRecipient(encrypter, recipient);
  const text = armor.encode(await encrypter.encrypt(JSON.stringify(list)));
  writePrivateFile(file, text);
  return items.length;
}

function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw recipientInvalid(recipient);
  }
}

export interface RestoredKeys {
  readonly restored: readonly string[];
  readonly known: readonly string[];
}

/**
 * Puts keys of a backup back, and restarts the controller, which reads keys when it starts. Keys that are there already
 * stay as they are.
 */
export async function restoreKeys(
  cluster: ClusterRequests,
  controller: ControllerLocation,
  file: string,
  secret: Exclude<BackupSecret, { readonly recipients: readonly string[] }>,
): Promise<RestoredKeys> {
  const { items } = await openBackup(file, secret);
  const elsewhere = items.find(({ metadata }) => metadata.namespace !== controller.namespace);
  if (elsewhere) throw backupForAnother(file, elsewhere.metadata.namespace, controller.namespace);
  const known = new Set((await keysOf(cluster, controller)).map(({ metadata }) => metadata.name));
  const missing = items.filter(({ metadata }) => !known.has(metadata.name));
  for (const key of missing) await cluster.post(secretsOf(controller), key);
  // Also when no key is missing: an earlier restore may have been killed before it came to this.
  await restart(cluster, controller);
  return { restored: missing.map(({ metadata }) => metadata.name), known: [...known].sort() };
}

async function openBackup(
  file: string,
  secret: Exclude<BackupSecret, { readonly recipients: readonly string[] }>,
): Promise<KeyList> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  let content: Partial<KeyList> | null;
  try {
    if ('passphrase' in secret) decrypter.addPassphrase(secret.passphrase);
    else decrypter.addIdentity(secret.identity);
    const bytes = armor.decode(readFileSync(file, 'utf8'));
    content = JSON.parse(await decrypter.decrypt(bytes, 'text')) as Partial<KeyList> | null;
  } catch (error) {
    throw backupUnreadable(file, (error as Error).message);
  }
  if (!Array.isArray(content?.items)) throw backupUnreadable(file, 'it holds no keys of a controller');
  return content as KeyList;
}

async function keysOf(
  cluster: ClusterRequests,
  controller: ControllerLocation,
): Promise<readonly KeySecret[]> {
  const listed = await cluster.get<{ readonly items: readonly KeySecret[] }>(
    `${secretsOf(controller)}?labelSelector=${encodeURIComponent(KEY_LABEL)}`,
  );
  return (listed?.items ?? []).map(({ type, metadata, data }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type,
    metadata: { name: metadata.name, namespace: metadata.namespace, labels: metadata.labels ?? {} },
    data,
  }));
}

async function restart(cluster: ClusterRequests, { namespace, service }: ControllerLocation): Promise<void> {
  const selector = encodeURIComponent(
    `app.kubernetes.io/name=sealed-secrets,app.kubernetes.io/instance=${service}`,
  );
  await cluster.delete(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
}

function secretsOf({ namespace }: ControllerLocation): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}
