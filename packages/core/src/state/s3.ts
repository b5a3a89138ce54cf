import { DataTerraformRemoteStateS3, S3Backend, type TerraformStack } from 'cdktf';
import { renderLiterals } from '../literal';
import type { StateBackend, StateLocation } from './backend';

export interface S3StateProps {
  readonly bucket: string;
  readonly region: string;
  /** Put before every key. @default - none */
  readonly keyPrefix?: string;
  /** URL of an S3-compatible server. @default - AWS */
  readonly endpoint?: string;
  /** Address the bucket in the path, as most S3-compatible servers need. @default - true when `endpoint` is set */
  readonly usePathStyle?: boolean;
}

/**
 * States in an S3 bucket, encrypted, locked by a lock file in the bucket (`use_lockfile`, Terraform ≥ 1.10).
 * Credentials come from the AWS environment variables or files.
 */
export function s3State(props: S3StateProps): StateBackend {
  const usePathStyle = props.usePathStyle ?? props.endpoint !== undefined;
  const prefix = (props.keyPrefix ?? '').replace(/\/+$/, '');
  const objectKey = (key: string): string => `${prefix === '' ? '' : `${prefix}/`}${key}.tfstate`;
  const config = (key: string) => ({
    bucket: props.bucket,
    key: objectKey(key),
    region: props.region,
    encrypt: true,
    usePathStyle,
    ...(props.endpoint === undefined
      ? {}
      : {
          endpoints: { s3: props.endpoint },
          skipCredentialsValidation: true,
          skipRegionValidation: true,
          skipRequestingAccountId: true,
          skipMetadataApiCheck: true,
          skipS3Checksum: true,
        }),
  });
  return {
    type: 's3',
    minimumTerraform: '1.10',
    location: (key): StateLocation => ({
      type: 's3',
      bucket: props.bucket,
      key: objectKey(key),
      region: props.region,
      ...(props.endpoint === undefined ? {} : { endpoint: props.endpoint }),
      usePathStyle,
    }),
    configure: (stack: TerraformStack, key: string): void => {
      new S3Backend(stack, { ...config(key), useLockfile: true });
    },
    // Unlike the backend, which Terraform reads as it is written.
    remoteState: (consumer, id, key) =>
      new DataTerraformRemoteStateS3(consumer, id, renderLiterals(config(key)) as ReturnType<typeof config>),
  };
}
