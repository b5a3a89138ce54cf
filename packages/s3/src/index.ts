export { ServedBucket, type BucketTask, type S3Server } from './served-bucket';
export { runS3Server, type RunningS3Server, type S3Program, type S3ServerProps } from './s3-server';
