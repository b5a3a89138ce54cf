import { MlterraError } from '@mlterra/core';

export function nothingMirrored(sources: readonly string[], folder: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-mirror-empty',
    message: `The level hybrid is asked for, and there is no binary of any provider in ${folder}, so that nothing more would be checked than at the level rehearsal.`,
    expected: `at least one of: ${sources.join(', ')}; each as <source>/<version>/<os>_<arch>/terraform-provider-…, unpacked`,
    remedy: 'put them there, name another folder in MLTERRA_PROVIDER_MIRROR, or use the level rehearsal',
  });
}

export function binaryNotMirrored(source: string, folder: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-binary-missing',
    message: `The level hybrid is asked for ${source}, and there is no binary of it in ${folder}.`,
    expected: `${source}/<version>/<os>_<arch>/terraform-provider-…, unpacked, as in a filesystem mirror of Terraform`,
    remedy:
      'put it there, name another folder in MLTERRA_PROVIDER_MIRROR, or leave the provider at the level rehearsal',
  });
}
