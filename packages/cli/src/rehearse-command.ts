import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command, Option } from 'commander';
import { environmentsHelp } from './environments-help';
import { once, options } from './options';
import { selectEnvironments } from './select-environments';

const HELP = `
Faults (--fault, may be repeated; counts begin at 1 and run over the whole environment;
what cannot happen in any of the environments is an error):
  fail-create:<type>:<n>                  the n-th create of a type fails, the next attempt works
  time-out:<type>:<n>                     the n-th create of a type is not ready in time
  drift:<address>:<attribute>:<value>     somebody changes an attribute after the apply; where several stacks have
                                          the address, <environment>/<stage>/<stack>/<address>
  refuse-destroy:<type>:<times>           destroys of a type are refused, as by a protection
  replace-on-change:<type>:<attribute>    a change of the attribute makes another resource
  e.g. --fault fail-create:google_container_cluster:1

Levels (--level, may be repeated):
  rehearsal            providers are played, from their schemas alone (default)
  hybrid               the real provider validates and plans, offline; the rest is played
  real                 the real provider does everything, against an emulator or a real server
  <provider>=<level>   for one provider, e.g. --level docker=hybrid

With real, a provider creates and destroys real things wherever its credentials lead. It is refused without
--allow-real, but for random, tls, time and null, which make nothing outside of the state.`;

/** `mlterra rehearse` */
export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description('plan, apply, change and destroy environments without a cloud')
    .argument('[environments...]', environmentsHelp(true))
    .addOption(options.stage())
    .addOption(repeated('--level <level>', 'how true it is, see below'))
    .addOption(repeated('--fault <fault>', 'what is to go wrong, see below'))
    .addOption(options.json())
    .addOption(
      once(
        '--junit <file>',
        "also write a report in JUnit's XML; {environment} in it is replaced by the name",
      ),
    )
    .option('--allow-real', 'let the level real create and destroy real things')
    .option('--keep', 'leave the folder with configurations and states')
    .addOption(options.parallel())
    .addOption(options.engine())
    .addOption(options.verbose())
    .addHelpText('after', HELP)
    .showHelpAfterError('(see mlterra rehearse --help)')
    .action(async (given: string[], values: RehearseValues) => {
      const cwd = process.cwd();
      const workspaceRoot = findWorkspaceRoot(cwd);
      const command = 'rehearse';
      const { parallel, ...rest } = values;
      const { stage } = rest;
      const environments = selectEnvironments({
        workspaceRoot,
        given,
        cwd,
        command,
        allByDefault: true,
        stage,
      });
      const { executeRehearsals } = await import('@mlterra/rehearsal');
      process.exitCode = await executeRehearsals({
        ...rest,
        workspaceRoot,
        environmentDirs: environments.map(({ dir }) => dir),
        ...(parallel === undefined ? {} : { parallelism: parallel }),
      });
    });
}

function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser((given: string, before: readonly string[] = []) => [
    ...before,
    given,
  ]);
}

interface RehearseValues {
  readonly stage?: string;
  readonly level?: readonly string[];
  readonly fault?: readonly string[];
  readonly json?: boolean;
  readonly junit?: string;
  readonly allowReal?: boolean;
  readonly keep?: boolean;
  readonly parallel?: number;
  readonly engine?: string;
  readonly verbose?: boolean;
}
