import type { GrantFacts, ObjectStoreFacts, Rehearsed } from '@mlterra/testing/contracts';
import { block } from './blocks';
import { encryptedBy } from './encryption';

/** Reads, writes and deletes objects, and nothing else. */
const NARROW = 'roles/storage.objectUser';

/** Roles of a project that reach into its buckets. */
const REACHES_BUCKETS = /^roles\/(storage\.|owner$|editor$|viewer$)/;

/** Buckets of Cloud Storage. */
export function objectStores(stage: Rehearsed): readonly ObjectStoreFacts[] {
  const overProject: readonly GrantFacts[] = stage
    .resources('google_project_iam_member')
    .filter(({ values }) => REACHES_BUCKETS.test(String(values.role)))
    .map(({ values }) => ({
      member: String(values.member),
      role: String(values.role),
      narrow: values.role === NARROW,
      onStoreOnly: false,
    }));
  return stage.resources('google_storage_bucket').map(({ address, stack, values }) => ({
    address,
    stack,
    uri: `gs://${String(values.name)}`,
    publicAccessPrevented: values.public_access_prevention === 'enforced',
    encryptedAtRest: encryptedBy(stage, block(values, 'encryption')?.default_kms_key_name, 'storage'),
    versioned: block(values, 'versioning')?.enabled === true,
    uniformAccess: values.uniform_bucket_level_access === true,
    retained: values.force_destroy === false,
    grants: [
      ...stage
        .resources('google_storage_bucket_iam_member')
        .filter((grant) => grant.values.bucket === values.name)
        .map((grant) => ({
          member: String(grant.values.member),
          role: String(grant.values.role),
          narrow: grant.values.role === NARROW,
          onStoreOnly: true,
        })),
      ...overProject,
    ],
  }));
}
