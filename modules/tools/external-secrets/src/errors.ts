import { MlterraError } from '@mlterra/core';

export function storeElsewhere(path: string, store: string): MlterraError {
  return new MlterraError({
    code: 'external-secrets-store-elsewhere',
    message: `${path}: the store ${store} is in another stack.`,
    expected: 'a store in the stack of the secret: both are in one namespace',
    remedy: 'make an ExternalSecretStore in this stack too; it asks as an identity of its own',
  });
}

export function noKeys(path: string): MlterraError {
  return new MlterraError({
    code: 'external-secrets-keys-missing',
    message: `${path}: no value is asked for.`,
    expected: 'at least one entry in `keys`',
  });
}

export function keyInvalid(path: string, key: string): MlterraError {
  return new MlterraError({
    code: 'external-secrets-key-invalid',
    message: `${path}: "${key}" cannot be a key of a Secret.`,
    expected: 'letters, digits, hyphens, dots and underscores',
  });
}

export function keyUnknown(path: string, key: string, keys: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'external-secrets-key-unknown',
    message: `${path}: it has no value "${key}".`,
    expected: `one of: ${keys.join(', ')}`,
  });
}

export function refreshInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'external-secrets-refresh',
    message: `${path}: it cannot be read every ${given} minutes.`,
    expected: 'a whole number of minutes, at least 1, or 0 for once',
  });
}
