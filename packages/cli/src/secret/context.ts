import path from 'node:path';
import { findWorkspaceRoot } from '@mlterra/workspace';
import type { Command } from 'commander';
import { once, options } from '../options';
import { selectEnvironments } from '../select-environments';
import { sealedPlaces, type SealedPlaces } from './sealed-places';

export interface SecretContext {
  /** Folder of the environment. */
  readonly dir: string;
  readonly places: SealedPlaces;
  /** A path as seen from where the command runs. */
  readonly show: (file: string) => string;
}

/** What the commands about secrets of one environment begin with. */
export async function secretContext(given: string, stage: string | undefined): Promise<SecretContext> {
  const cwd = process.cwd();
  const workspaceRoot = findWorkspaceRoot(cwd);
  const [found] = selectEnvironments({
    workspaceRoot,
    given: [given],
    cwd,
    command: 'secret',
    allByDefault: false,
    stage,
  });
  const { dir } = found!;
  return { dir, places: await sealedPlaces(dir, stage), show: (file) => path.relative(cwd, file) || file };
}

/** The options by which a cluster is named that the environment does not name. */
export function clusterOptions(command: Command): Command {
  return command
    .addOption(once('--kubeconfig <file>', "file that describes the cluster; default: the environment's"))
    .addOption(once('--context <name>', "context in it; default: the environment's"))
    .addOption(options.verbose());
}
