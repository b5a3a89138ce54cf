import {
  text,
  type KubernetesCluster,
  type ObjectStore,
  type ObjectStoreAccess,
  type Peer,
  type ValueTree,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { storeUnusable } from '../errors';

/** Servers that speak S3 need not know the checksums that newer clients of AWS send unasked. */
const PLAIN_CHECKSUMS = [
  { name: 'AWS_REQUEST_CHECKSUM_CALCULATION', value: 'when_required' },
  { name: 'AWS_RESPONSE_CHECKSUM_VALIDATION', value: 'when_required' },
];

export interface BarmanStoreProps {
  readonly platform: KubernetesCluster;
  readonly store: ObjectStore;
  /** Service account of the pods that use it, which the operator makes. */
  readonly serviceAccount: string;
}

/** An object store, in the words of Barman. */
export class BarmanStore extends Construct {
  /** As in `barmanObjectStore` of a Cluster, and in `configuration` of an ObjectStore. */
  public readonly configuration: Readonly<Record<string, ValueTree>>;
  /** Variables of the programs that use it. */
  public readonly variables: readonly Readonly<Record<string, string>>[];
  public readonly peers: readonly Peer[];

  public constructor(scope: Construct, id: string, { platform, store, serviceAccount }: BarmanStoreProps) {
    super(scope, id);
    const identity = platform.addOperatedIdentity(this, 'Identity', serviceAccount);
    const access = store.grantReadWrite(identity);
    this.peers = access.peers;
    this.variables = access.s3 === undefined ? [] : PLAIN_CHECKSUMS;
    this.configuration = {
      destinationPath: access.uri,
      ...(access.s3 === undefined ? this.cloudBucket(access) : this.server(platform, access.s3)),
      wal: { compression: 'gzip' },
      data: { compression: 'gzip' },
    };
  }

  private server(
    platform: KubernetesCluster,
    { endpoint, region, accessKeyId, secretAccessKey }: NonNullable<ObjectStoreAccess['s3']>,
  ): Record<string, ValueTree> {
    const { name } = platform.addSecret(this, 'Key', {
      data: { ACCESS_KEY_ID: text`${accessKeyId}`, SECRET_ACCESS_KEY: secretAccessKey, REGION: region },
      labels: { 'cnpg.io/reload': 'true' },
    });
    return {
      endpointURL: endpoint,
      s3Credentials: {
        accessKeyId: { name, key: 'ACCESS_KEY_ID' },
        secretAccessKey: { name, key: 'SECRET_ACCESS_KEY' },
        region: { name, key: 'REGION' },
      },
    };
  }

  /** By who the pods are to the cloud: no key exists. */
  private cloudBucket({ uri }: ObjectStoreAccess): Record<string, ValueTree> {
    const [scheme] = /^[a-z0-9]+:\/\//.exec(firstText(uri)) ?? [];
    if (scheme === 'gs://') return { googleCredentials: { gkeEnvironment: true } };
    if (scheme === 's3://') return { s3Credentials: { inheritFromIAMRole: true } };
    throw storeUnusable(this.node.path);
  }
}

function firstText(value: ObjectStoreAccess['uri']): string {
  const [first] = typeof value === 'string' ? [value] : 'parts' in value ? value.parts : [];
  return typeof first === 'string' ? first : '';
}
