import type { Rehearsed } from '@mlterra/testing/contracts';

const USE = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';

/** Accounts of Google that use keys, by the domain of their address. */
export type ServiceAgent = 'compute-system' | 'container-engine-robot' | 'gcp-sa-cloud-sql' | 'storage';

/** Whether `keyId` is a rotating key of the stage that the service can use. */
export function encryptedBy(stage: Rehearsed, keyId: unknown, agent: ServiceAgent): boolean {
  return (
    stage
      .resources('google_kms_crypto_key')
      .some(({ values }) => values.id === keyId && typeof values.rotation_period === 'string') &&
    keyUsers(stage, keyId).some((member) => isAgent(stage, member, agent))
  );
}

/** Members that may use a key. */
export function keyUsers(stage: Rehearsed, keyId: unknown): readonly string[] {
  return stage
    .resources('google_kms_crypto_key_iam_member')
    .filter(({ values }) => values.crypto_key_id === keyId && values.role === USE)
    .map(({ values }) => String(values.member));
}

function isAgent(stage: Rehearsed, member: string, agent: ServiceAgent): boolean {
  if (agent !== 'storage') {
    return new RegExp(`^serviceAccount:service-\\d+@${agent}\\.iam\\.gserviceaccount\\.com$`).test(member);
  }
  return stage.stacks
    .flatMap(({ resources }) => resources)
    .some(
      ({ mode, type, values }) =>
        mode === 'data' &&
        type === 'google_storage_project_service_account' &&
        member === `serviceAccount:${String(values.email_address)}`,
    );
}
