import type { Profile } from '@mlterra/core';
import type { StackJson } from '@mlterra/testing';
import { StorageBucket } from './storage-bucket';
import { project } from './testing/demo';
import { synth } from './testing/synth';

/** What is lost when it is replaced, with the arguments that the provider cannot change in place. */
const STATEFUL: Readonly<Record<string, readonly string[]>> = {
  google_container_cluster: ['name', 'location', 'network', 'subnetwork', 'ip_allocation_policy'],
  google_kms_crypto_key: ['name', 'key_ring', 'purpose', 'destroy_scheduled_duration'],
  google_kms_key_ring: ['name', 'location'],
  google_secret_manager_secret: ['secret_id', 'replication'],
  google_sql_database: ['name', 'instance'],
  google_sql_database_instance: ['name', 'region', 'database_version', 'encryption_key_name'],
  google_storage_bucket: ['name', 'location', 'project'],
  random_id: ['byte_length'],
  random_password: ['length', 'special'],
};

/** By stack, type and logical id: everything that must stay as it is. */
function stateful(overrides: Partial<Profile>, more: boolean): Record<string, unknown> {
  const stacks = synth(
    ({ cluster, database, stack, keyRing }) => {
      const platform = cluster(more ? { maxNodes: 12, authorizedNetworks: ['203.0.113.0/24'] } : {});
      const server = database(more ? { tier: 'db-custom-4-15360', iamAuthentication: true } : {});
      const tool = stack('tool');
      const bucket = new StorageBucket(tool, 'objects', { project, keyRing, forceDestroy: more });
      if (more) {
        server.addDatabase(tool, 'another', { name: 'another' });
        bucket.grantReadWrite(platform.addIdentity(tool, 'another-identity'));
      }
      server.addDatabase(tool, 'database', { name: 'tool' });
    },
    { overrides },
  );
  return Object.fromEntries(Object.entries(stacks).flatMap(([key, stack]) => fixedArguments(key, stack)));
}

function fixedArguments(key: string, { resource = {} }: StackJson): [string, unknown][] {
  return Object.entries(STATEFUL).flatMap(([type, fixed]) =>
    Object.entries(resource[type] ?? {}).map(([id, values]): [string, unknown] => [
      `${key} ${type}.${id}`,
      Object.fromEntries(fixed.map((argument) => [argument, values[argument]])),
    ]),
  );
}

describe('a change of', () => {
  const before = stateful({}, false);

  it('settings has something to replace', () => {
    expect(new Set(Object.keys(before).map((address) => /(\w+)\./.exec(address)![1]))).toEqual(
      new Set(Object.keys(STATEFUL)),
    );
  });

  it.each<[string, Partial<Profile>, boolean]>([
    ['retention', { retentionDays: 60 }, false],
    ['protection', { deletionProtection: true }, false],
    ['availability and size', { highAvailability: true, replicas: 3, spotShare: 0 }, false],
    ['props, with one more database and grant', {}, true],
  ])('%s replaces nothing that holds data', (_, overrides, more) => {
    expect(stateful(overrides, more)).toMatchObject(before);
  });
});
