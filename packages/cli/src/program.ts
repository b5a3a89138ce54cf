import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandName, CommandRequest } from '@mlterra/engine';
import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command } from 'commander';
import { catalogueCommand } from './catalogue-command';
import { composeCommand } from './compose-command';
import { environmentsHelp } from './environments-help';
import { kubeTokenCommand } from './kube-token-command';
import { lockCommand } from './lock-command';
import { matrixCommand } from './matrix-command';
import { options, type OptionValues } from './options';
import { rehearseCommand } from './rehearse-command';
import { schemaCommand } from './schema-command';
import { secretCommand } from './secret/secret-command';
import { unlockCommand } from './unlock-command';
import { selectEnvironments } from './select-environments';

const running = ['parallel', 'lockTimeout', 'engine', 'verbose'] as const;

interface CommandDescription {
  readonly summary: string;
  readonly options: readonly (keyof OptionValues)[];
  /** Whether it is about all environments when none is named. */
  readonly allByDefault: boolean;
}

const commands: Record<CommandName, CommandDescription> = {
  synth: {
    summary: 'write the Terraform configuration of every stack to cdktf.out',
    options: ['stage', 'json', 'verbose'],
    allByDefault: true,
  },
  plan: {
    summary: 'show what an apply would change',
    options: ['stage', 'all', 'explain', 'json', 'markdown', ...running],
    allByDefault: true,
  },
  apply: {
    summary: 'apply the stacks that changed',
    options: ['stage', 'all', 'destroyRemoved', 'json', ...running],
    allByDefault: false,
  },
  destroy: {
    summary: 'destroy the stacks in reverse order',
    options: ['stage', 'yes', 'purge', 'json', ...running],
    allByDefault: false,
  },
  drift: {
    summary: 'compare what runs with what was applied',
    options: ['stage', 'json', ...running],
    allByDefault: true,
  },
  output: {
    summary: 'print outputs and services',
    options: ['stage', 'json', 'engine', 'verbose'],
    allByDefault: true,
  },
};

/** The command line of mlterra. */
export function createProgram(): Command {
  const program = new Command('mlterra')
    .description('Plans, applies, destroys and inspects the environments of this workspace.')
    .version(ownVersion(), '--version')
    .showHelpAfterError('(see mlterra --help)');
  for (const name of Object.keys(commands) as CommandName[]) program.addCommand(engineCommand(name));
  program.addCommand(unlockCommand());
  program.addCommand(rehearseCommand());
  program.addCommand(composeCommand());
  program.addCommand(matrixCommand());
  program.addCommand(catalogueCommand());
  program.addCommand(schemaCommand());
  program.addCommand(kubeTokenCommand());
  program.addCommand(secretCommand());
  return program.addCommand(
    new Command('providers').description('locks of provider plugins').addCommand(lockCommand()),
  );
}

function engineCommand(name: CommandName): Command {
  const { summary, allByDefault, options: accepted } = commands[name];
  const command = new Command(name)
    .description(summary)
    .argument('[environments...]', environmentsHelp(allByDefault))
    .showHelpAfterError(`(see mlterra ${name} --help)`);
  for (const option of accepted) command.addOption(options[option]());
  return command.action(async (given: string[], values: OptionValues) => {
    const request = commandRequest(name, given, values);
    const { executeCommand } = await import('@mlterra/engine');
    process.exitCode = await executeCommand(name, request);
  });
}

function commandRequest(
  command: CommandName,
  given: readonly string[],
  values: OptionValues,
): CommandRequest {
  const cwd = process.cwd();
  const workspaceRoot = findWorkspaceRoot(cwd);
  const { allByDefault } = commands[command];
  const { stage } = values;
  const environments = selectEnvironments({ workspaceRoot, given, cwd, command, allByDefault, stage });
  const { parallel, lockTimeout, ...rest } = values;
  return {
    ...rest,
    workspaceRoot,
    environmentDirs: environments.map(({ dir }) => dir),
    stageKnown: true,
    ...(parallel === undefined ? {} : { parallelism: parallel }),
    ...(lockTimeout === undefined ? {} : { lockTimeoutSeconds: lockTimeout }),
  };
}

function ownVersion(): string {
  const file = path.join(__dirname, '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
