export { ServedBucket, type BucketTask, type S3Server } from './served-bucket';
