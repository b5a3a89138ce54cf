import { MlterraError } from '@mlterra/core';

export function providerUnnamed(binary: string): MlterraError {
  return new MlterraError({
    code: 'provider-binary-unnamed',
    message: `The file name of ${binary} does not say which provider it is.`,
    expected: 'terraform-provider-<type>_v<version>, as in a filesystem mirror',
    remedy: 'rename or link it',
  });
}
