import { findProviderBinary, mirrorFolder } from './provider-mirror';

/**
 * Settings of Terraform's command line with which it installs these providers from the mirror, where they are in it,
 * and everything else as it always does.
 */
export function mirrorSettings(sources: readonly string[], folder = mirrorFolder()): string {
  const mirrored = sources.filter((source) => findProviderBinary(source, folder) !== undefined);
  if (mirrored.length === 0) return '';
  const list = JSON.stringify(mirrored);
  return [
    'provider_installation {',
    `  filesystem_mirror {\n    path    = ${JSON.stringify(folder)}\n    include = ${list}\n  }`,
    `  direct {\n    exclude = ${list}\n  }`,
    '}\n',
  ].join('\n');
}
