export { ExternalSecret, type ExternalSecretProps, type RemoteKey } from './external-secret';
export { ExternalSecretStore, type ExternalSecretStoreProps } from './external-secret-store';
export { ExternalSecrets, type ExternalSecretsProps } from './external-secrets';
