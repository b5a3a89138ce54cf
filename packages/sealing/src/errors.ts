import { MlterraError } from '@mlterra/core/errors';

export function sealedFileUnreadable(file: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'sealed-file-unreadable',
    message: `${file} cannot be read as a sealed secret: ${reason}.`,
    expected: 'one SealedSecret of bitnami.com/v1alpha1 in YAML or JSON, as `mlterra secret seal` writes it',
  });
}

export function secretInFile(file: string): MlterraError {
  return new MlterraError({
    code: 'sealed-file-plain',
    message: `${file} holds a plain Secret: whoever reads git reads it.`,
    expected: 'a SealedSecret, in which every value is encrypted',
    remedy:
      'delete the file, seal its values by `mlterra secret seal`, and change the secret wherever the file was seen',
  });
}

export function sealedFieldUnknown(file: string, field: string): MlterraError {
  return new MlterraError({
    code: 'sealed-field-unknown',
    message: `${file} has a field \`${field}\`, which a SealedSecret does not have.`,
    expected: 'encrypted values in `spec.encryptedData`, and nothing plain beside them',
    remedy: `delete \`${field}\`; if it was a secret, seal it by \`mlterra secret seal\`, and change it wherever the file was seen`,
  });
}

export function valueNotSealed(file: string, key: string): MlterraError {
  return new MlterraError({
    code: 'sealed-value-plain',
    message: `${file}: the value of "${key}" is not encrypted as Sealed Secrets does it.`,
    expected: 'what `mlterra secret seal` or kubeseal prints for a value',
    remedy: `seal "${key}" again; if it was a plain value, change it wherever the file was seen`,
  });
}

export function sealedForAnother(file: string, found: string, wanted: string): MlterraError {
  return new MlterraError({
    code: 'sealed-file-another',
    message: `${file} is sealed for ${found}, and cannot be opened as ${wanted}.`,
    expected: `a file sealed for ${wanted}: the name is part of the encryption`,
    remedy: 'delete the file and seal its values again, or give stack and construct the names they had',
  });
}

export function keyInvalid(key: string): MlterraError {
  return new MlterraError({
    code: 'sealed-key-invalid',
    message: `"${key}" cannot be a key of a Secret.`,
    expected: 'letters, digits, hyphens, dots and underscores',
  });
}

export function valueEmpty(key: string): MlterraError {
  return new MlterraError({
    code: 'sealed-value-empty',
    message: `There is no value for "${key}": nothing was given.`,
    expected: 'the value on standard input, or in the file of `--from-file`',
  });
}

export function certificateUnreadable(source: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'sealing-certificate-unreadable',
    message: `${source} is no certificate that can be sealed with: ${reason}.`,
    expected: 'the certificate of a Sealed Secrets controller, PEM, with an RSA key',
  });
}

export function certificateExpired(source: string, end: string): MlterraError {
  return new MlterraError({
    code: 'sealing-certificate-expired',
    message: `The certificate of ${source} has ended on ${end}.`,
    expected: 'the newest certificate of the controller',
    remedy: 'fetch it again, or let the controller renew its key: set `keyRenewalDays`',
  });
}

export function controllerMissing(where: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'sealing-controller-missing',
    message: `The Sealed Secrets controller ${where} does not answer: ${reason}.`,
    expected: 'a stage with `SealedSecrets` that was applied, and its controller running',
    remedy: 'apply the stack of the operator, or seal with `--cert <file>`',
  });
}

export function notOpened(file: string): MlterraError {
  return new MlterraError({
    code: 'sealed-file-foreign',
    message: `The controller cannot open ${file}: none of its keys fits.`,
    expected: 'a file that was sealed for this cluster, or whose keys were restored on it',
    remedy: 'restore the keys by `mlterra secret restore-keys`, or seal the values again',
  });
}

export function keysMissing(where: string): MlterraError {
  return new MlterraError({
    code: 'sealing-keys-missing',
    message: `The Sealed Secrets controller ${where} has no keys.`,
    expected: 'a controller that has run once',
    remedy: 'apply the stack of the operator',
  });
}

export function backupUnreadable(file: string, reason: string): MlterraError {
  return new MlterraError({
    code: 'sealing-backup-unreadable',
    message: `${file} cannot be opened: ${reason}.`,
    expected: 'a file of `mlterra secret backup-keys`, and the passphrase or identity it was made for',
  });
}

export function backupForAnother(file: string, found: string, wanted: string): MlterraError {
  return new MlterraError({
    code: 'sealing-backup-another',
    message: `${file} holds keys of the namespace "${found}"; the controller is in "${wanted}".`,
    expected: 'a backup of the same environment and stage',
  });
}

export function recipientInvalid(recipient: string): MlterraError {
  return new MlterraError({
    code: 'sealing-recipient',
    message: `"${recipient}" is no recipient of age.`,
    expected: 'what age-keygen prints as the public key: age1…',
  });
}

export function recipientsMissing(): MlterraError {
  return new MlterraError({
    code: 'sealing-recipients-missing',
    message: 'There is no recipient: nobody could open the backup.',
    expected: 'at least one public key of age-keygen, age1…, or a passphrase',
  });
}
