import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command, Option } from 'commander';

/** `mlterra matrix` */
export function matrixCommand(): Command {
  return new Command('matrix')
    .description('print which tool runs on which provider, and what proved it')
    .addOption(new Option('--json', 'print a machine-readable result'))
    .addOption(
      new Option('--write', 'write what the last tests proved into docs/matrix.json and README.md').conflicts(
        'check',
      ),
    )
    .addOption(
      new Option(
        '--prune',
        'with --write: take away the cells that no test of the last run was about',
      ).implies({
        write: true,
      }),
    )
    .addOption(new Option('--check', 'fail unless the matrix says what all tests of a whole run proved'))
    .action(async (values: MatrixValues) => {
      const workspaceRoot = findWorkspaceRoot(process.cwd());
      const { checkMatrix, emptyReasons, matrixStates, matrixTable, readMatrix, writeMatrix } =
        await import('@mlterra/testing/matrix');
      const read = (): ReturnType<typeof readMatrix> => {
        if (values.write) return writeMatrix(workspaceRoot, { prune: values.prune ?? false });
        return values.check ? checkMatrix(workspaceRoot) : readMatrix(workspaceRoot);
      };
      const matrix = read();
      const people = (): string => {
        const reasons = emptyReasons(matrix).map((reason) => `none: ${reason}`);
        return [matrixTable(matrix), ...(reasons.length > 0 ? ['', ...reasons] : [])].join('\n');
      };
      const machines = { states: matrixStates(matrix), ...matrix };
      console.log(values.json ? JSON.stringify(machines, null, 2) : people());
    });
}

interface MatrixValues {
  readonly json?: boolean;
  readonly write?: boolean;
  readonly prune?: boolean;
  readonly check?: boolean;
}
