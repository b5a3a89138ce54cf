import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command, Option } from 'commander';
import { environmentsHelp } from './environments-help';
import { once, options } from './options';
import { selectEnvironments } from './select-environments';

const platforms = new Option(
  '--platform <platform>',
  'platform to lock for instead, e.g. linux_amd64; may be repeated',
).argParser((given: string, before: readonly string[] = []) => [...before, given]);

/** `mlterra providers lock` */
export function lockCommand(): Command {
  return new Command('lock')
    .description('write the provider lock of environments, for linux and darwin on amd64 and arm64')
    .argument('[environments...]', environmentsHelp(true))
    .addOption(platforms)
    .addOption(
      once(
        '--mirror <folder>',
        'lock locally built providers of a filesystem mirror; this lock is not committed',
      ),
    )
    .addOption(options.engine())
    .addOption(options.verbose())
    .action(async (given: string[], values: LockValues) => {
      const cwd = process.cwd();
      const workspaceRoot = findWorkspaceRoot(cwd);
      const command = 'providers lock';
      const environments = selectEnvironments({
        workspaceRoot,
        given,
        cwd,
        command,
        allByDefault: true,
        stage: undefined,
      });
      const { platform, ...rest } = values;
      const { lockProviders } = await import('@mlterra/engine');
      process.exitCode = await lockProviders({
        ...rest,
        workspaceRoot,
        environmentDirs: environments.map(({ dir }) => dir),
        ...(platform === undefined ? {} : { platforms: platform }),
      });
    });
}

interface LockValues {
  readonly platform?: readonly string[];
  readonly mirror?: string;
  readonly engine?: string;
  readonly verbose?: boolean;
}
