export { sealingKey } from './certificate';
export { fetchCertificate, sealAgain, type ClusterRequests, type ControllerLocation } from './controller';
export { keyInvalid, valueEmpty } from './errors';
export { sealValue, type SealedFor, type SealingScope } from './seal-value';
export {
  controllerOf,
  describeController,
  describeSealed,
  sealedOf,
  type SealedDescription,
} from './sealed-construct';
export {
  readSealedFile,
  readSealedFileFor,
  SEALED_SECRET,
  writeSealedFile,
  type SealedContent,
} from './sealed-file';
