import { join } from 'node:path';
import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command, Option } from 'commander';

/** `mlterra schema` */
export function schemaCommand(): Command {
  return new Command('schema').description('schemas a rehearsal uses').addCommand(compareCommand());
}

function compareCommand(): Command {
  return new Command('compare')
    .description('compare the schema of a provider binary with the one a rehearsal uses instead of it')
    .argument('<binary>', 'file terraform-provider-<type>_v<version>')
    .addOption(new Option('--json', 'print a machine-readable result'))
    .showHelpAfterError('(see mlterra schema compare --help)')
    .action(async (binary: string, values: { readonly json?: boolean }) => {
      const from = findWorkspaceRoot(process.cwd());
      const { compareProviderBinary, comparisonText } = await import('@mlterra/rehearsal');
      const cacheDir = join(from, '.mlterra', 'cache', 'schemas');
      const comparisons = await compareProviderBinary(binary, { from, cacheDir });
      console.log(
        values.json ? JSON.stringify(comparisons, null, 2) : comparisons.map(comparisonText).join('\n\n'),
      );
    });
}
