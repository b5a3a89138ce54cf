import type { Identity } from '@mlterra/core';
import type { Construct } from 'constructs';
import { GOOGLE_APIS } from './google-apis';
import { GoogleProject } from './google-project';
import { KeyRing } from './key-ring';
import { StorageBucket, type StorageBucketProps } from './storage-bucket';
import { project, type Demo, type DemoProps } from './testing/demo';
import { every, only, synth } from './testing/synth';

const BUCKET = 'google_storage_bucket';
const GRANT = 'google_storage_bucket_iam_member';

function bucketIn({ keyRing }: Demo, scope: Construct, props: Partial<StorageBucketProps> = {}) {
  return new StorageBucket(scope, 'artifacts', { project, keyRing, ...props });
}

function build(props: Partial<StorageBucketProps> = {}, stage: DemoProps = {}) {
  const stacks = synth((demo) => void bucketIn(demo, demo.stack('data'), props), stage);
  return only(stacks['dev/data'], BUCKET);
}

describe('StorageBucket', () => {
  it('cannot be made public, and is encrypted with its own key', () => {
    expect(build()).toMatchObject({
      name: 'demo-project-demo-dev-data-artifacts',
      location: 'EUROPE-WEST3',
      uniform_bucket_level_access: true,
      public_access_prevention: 'enforced',
      encryption: { default_kms_key_name: expect.stringContaining('google_kms_crypto_key') as string },
    });
  });

  it('keeps old versions as long as the profile says, and deleted objects for 7 to 90 days', () => {
    const kept = (bucket: Readonly<Record<string, unknown>>): unknown => [
      (bucket.lifecycle_rule as { condition: { days_since_noncurrent_time?: number } }[])[0]!.condition
        .days_since_noncurrent_time,
      (bucket.soft_delete_policy as { retention_duration_seconds: number }).retention_duration_seconds /
        86_400,
    ];
    expect(build().versioning).toEqual({ enabled: true });
    expect(kept(build())).toEqual([3, 7]);
    expect(kept(build({}, { profile: 'production' }))).toEqual([30, 30]);
    expect(kept(build({}, { overrides: { retentionDays: 365 } }))).toEqual([365, 90]);
  });

  it('is not destroyed with objects in it unless asked', () => {
    expect(build().force_destroy).toBe(false);
    expect(build({ forceDestroy: true }).force_destroy).toBe(true);
  });
});

describe('a bucket with keys of another region', () => {
  it('is refused', () => {
    const elsewhere = new GoogleProject({
      projectId: 'demo-project',
      projectNumber: '123456789012',
      region: 'us-central1',
    });
    expect(() =>
      synth((demo) => {
        const keyRing = new KeyRing(demo.stack('keys'), 'keys', { project: elsewhere });
        bucketIn(demo, demo.stack('data'), { keyRing });
      }),
    ).toThrow(
      'dev-data/artifacts: the key ring is in demo-project/us-central1, not in demo-project/europe-west3.',
    );
  });
});

describe('grantReadWrite', () => {
  it('grants objects of this bucket to a workload, in the stack of the workload', () => {
    const stacks = synth((demo) => {
      const bucket = bucketIn(demo, demo.stack('data'));
      const identity = demo.cluster().addIdentity(demo.stack('tool'), 'Identity');
      bucket.grantReadWrite(identity);
      expect(bucket.grantReadWrite(identity)).toEqual({
        uri: bucket.uri,
        variables: { GOOGLE_CLOUD_PROJECT: 'demo-project' },
        peers: GOOGLE_APIS,
      });
    });
    expect(every(stacks['dev/data'], GRANT)).toEqual([]);
    expect(only(stacks['dev/tool'], GRANT)).toEqual({
      bucket: '${data.terraform_remote_state.upstream_dev_data.outputs.artifacts_bucketName}',
      role: 'roles/storage.objectUser',
      member:
        'principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/demo-project.svc.id.goog/subject/ns/dev-tool/sa/identity',
    });
  });

  it.each<[string, Identity['principal'], string]>([
    ['nobody', undefined, 'dev-data/artifacts cannot be granted to "web": no cloud knows who that is.'],
    [
      'another cloud',
      { cloud: 'aws', member: 'arn:aws:iam::1:role/web' },
      'dev-data/artifacts cannot be granted to "web": it is an identity of aws, not of gcp.',
    ],
  ])('refuses an identity of %s', (_, principal, message) => {
    expect(() =>
      synth((demo) => {
        const scope = demo.stack('data');
        bucketIn(demo, scope).grantReadWrite({ scope, name: 'web', principal });
      }),
    ).toThrow(message);
  });
});
