export { helmBinary, isHelmBuilt } from './helm';
export { freePort } from './port';
export { startPostgres, type PostgresServer } from './postgres';
export {
  buildProviders,
  isBuilt,
  providerBinary,
  providerMirror,
  type ProviderBinary,
  type ProviderName,
} from './providers';
export { startS3, type S3Server } from './s3';
