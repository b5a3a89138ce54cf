export { generatedSecrets, type NamedSecret } from './generated-secrets';
export { SecretSearch } from './secret-search';
export { secretsInFolder } from './folder-search';
export { secretsOutOfPlace, SECRET_PLACES } from './secret-places';
