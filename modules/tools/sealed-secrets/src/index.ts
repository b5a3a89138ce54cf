export { SealedSecret, type SealedSecretProps } from './sealed-secret';
export { SealedSecrets, type SealedSecretsProps } from './sealed-secrets';
