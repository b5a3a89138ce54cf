export { freePort } from './port';
export { startPostgres, type PostgresServer } from './postgres';
export { startS3, type S3Server } from './s3';
