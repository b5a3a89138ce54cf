import { DataGoogleStorageProjectServiceAccount } from '@cdktf/provider-google/lib/data-google-storage-project-service-account';
import { StorageBucket as StorageBucketResource } from '@cdktf/provider-google/lib/storage-bucket';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member';
import {
  exportOutputs,
  Stack,
  text,
  type Identity,
  type ObjectStore,
  type ObjectStoreAccess,
  type StackOutput,
  type Text,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { regionsDiffer } from './errors';
import { GOOGLE_APIS } from './google-apis';
import type { GoogleProject } from './google-project';
import { granteeMember } from './grantee-member';
import type { KeyRing } from './key-ring';
import { resourceName, shorten } from './resource-name';

const DAY_SECONDS = 24 * 60 * 60;

/** Google deletes softly for 7 to 90 days, or not at all. */
const SOFT_DELETE_DAYS = { least: 7, most: 90 };

/** Reads, writes, lists and deletes objects; cannot change the bucket or who may use it. */
const READ_WRITE = 'roles/storage.objectUser';

export interface StorageBucketProps {
  readonly project: GoogleProject;
  /** Where the key for its objects is made. */
  readonly keyRing: KeyRing;
  /** Let a destroy delete the objects too. @default false: a destroy fails while there are objects */
  readonly forceDestroy?: boolean;
}

/**
 * A bucket that cannot be made public. Overwritten and deleted objects can be had back for the profile's
 * retention; objects are encrypted with a key of the owner.
 */
export class StorageBucket extends Construct implements ObjectStore {
  /** Name, unique in the world: it begins with the project's id. */
  public readonly bucketName: StackOutput;
  /** `gs://<name>` */
  public readonly uri: Text;
  /** The raw resource. */
  public readonly resource: StorageBucketResource;
  private readonly project: GoogleProject;

  public constructor(scope: Construct, id: string, props: StorageBucketProps) {
    super(scope, id);
    const { profile } = Stack.ofConstruct(this);
    this.project = props.project;
    const { projectId, region } = this.project;
    if (!props.keyRing.project.equals(this.project)) {
      throw regionsDiffer(
        this.node.path,
        'key ring',
        props.keyRing.project.toString(),
        this.project.toString(),
      );
    }
    this.project.configure(this);
    const softDeleteDays = Math.min(
      Math.max(profile.retentionDays, SOFT_DELETE_DAYS.least),
      SOFT_DELETE_DAYS.most,
    );
    // Asking for the account also makes Google create it.
    const agent = new DataGoogleStorageProjectServiceAccount(this, 'ServiceAgent', { project: projectId });
    const key = new EncryptionKey(this, 'Key', {
      keyRing: props.keyRing,
      usedBy: { storage: `serviceAccount:${agent.emailAddress}` },
    });
    this.resource = new StorageBucketResource(this, 'Resource', {
      name: shorten(`${projectId}-${resourceName(this, 63)}`, 63),
      project: projectId,
      location: region.toUpperCase(),
      storageClass: 'STANDARD',
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: props.forceDestroy ?? false,
      encryption: { defaultKmsKeyName: key.keyId },
      versioning: { enabled: true },
      softDeletePolicy: {
        retentionDurationSeconds: softDeleteDays * DAY_SECONDS,
      },
      lifecycleRule: [
        {
          action: { type: 'Delete' },
          condition: { daysSinceNoncurrentTime: profile.retentionDays, withState: 'ARCHIVED' },
        },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 7 } },
      ],
      dependsOn: [...key.grants],
    });
    this.bucketName = exportOutputs(this, { bucketName: this.resource.name }).bucketName;
    this.uri = text`gs://${this.bucketName}`;
  }

  /** Grants `roles/storage.objectUser` on this bucket alone, in the stack of the grantee. */
  public grantReadWrite(grantee: Identity): ObjectStoreAccess {
    const { path } = this.node;
    const { scope } = grantee;
    const member = granteeMember(path, grantee);
    const id = `ReadWrite-${path.replace(/\//g, '-')}`;
    if (scope.node.tryFindChild(id) === undefined) {
      this.project.configure(scope);
      new StorageBucketIamMember(scope, id, {
        bucket: this.bucketName.at(scope),
        role: READ_WRITE,
        member,
      });
    }
    return {
      uri: this.uri,
      variables: { GOOGLE_CLOUD_PROJECT: this.project.projectId },
      peers: GOOGLE_APIS,
    };
  }
}
