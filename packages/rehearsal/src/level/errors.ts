import { MlterraError } from '@mlterra/core';

export function binaryNotMirrored(source: string, folder: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-binary-missing',
    message: `The level hybrid is asked for ${source}, and there is no binary of it in ${folder}.`,
    expected: `${source}/<version>/<os>_<arch>/terraform-provider-…, unpacked, as in a filesystem mirror of Terraform`,
    remedy:
      'put it there, name another folder in MLTERRA_PROVIDER_MIRROR, or leave the provider at the level rehearsal',
  });
}
