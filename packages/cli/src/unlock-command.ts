import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command, Option } from 'commander';
import { options } from './options';
import { selectEnvironments } from './select-environments';

/** `mlterra unlock` */
export function unlockCommand(): Command {
  return new Command('unlock')
    .description('show who holds the locks of an environment, and free those of runs that are gone')
    .argument('<environment>', 'name of an environment')
    .argument('[stack]', 'only this stack, by name or as <environment>/<stage>/<stack>')
    .addOption(options.stage())
    .addOption(options.yes())
    .addOption(
      new Option(
        '--force',
        'also free a lock on a server whose process lives; two runs may then write at once',
      ),
    )
    .addOption(options.verbose())
    .showHelpAfterError('(see mlterra unlock --help)')
    .action(async (given: string, stack: string | undefined, values: UnlockValues) => {
      const cwd = process.cwd();
      const workspaceRoot = findWorkspaceRoot(cwd);
      const [environment] = selectEnvironments({
        workspaceRoot,
        given: [given],
        cwd,
        command: 'unlock',
        stage: undefined,
        allByDefault: false,
      });
      const { unlockEnvironment } = await import('@mlterra/engine');
      process.exitCode = await unlockEnvironment({
        ...values,
        environmentDir: environment!.dir,
        ...(stack === undefined ? {} : { stack }),
      });
    });
}

interface UnlockValues {
  readonly stage?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly verbose?: boolean;
}
