import { rmSync } from 'node:fs';
import path from 'node:path';
import { composeExportOf, Stack } from '@mlterra/core';
import { findWorkspaceRoot } from '@mlterra/workspace';
import { Command } from 'commander';
import { writeComposeProject } from './compose-folder';
import { composeMissing, stageNeeded } from './errors';
import { once, options } from './options';
import { selectEnvironments } from './select-environments';

/** `mlterra compose` */
export function composeCommand(): Command {
  return new Command('compose')
    .description('write what runs on a Docker engine as a project of Compose, for people without Terraform')
    .argument('<environment>', 'name of an environment')
    .addOption(options.stage())
    .addOption(
      once('--out <folder>', 'folder to write to; default: .mlterra/compose/<stage> of the environment'),
    )
    .addOption(options.verbose())
    .action(async (given: string, values: ComposeValues) => {
      const cwd = process.cwd();
      const workspaceRoot = findWorkspaceRoot(cwd);
      const command = 'compose';
      const [found] = selectEnvironments({
        workspaceRoot,
        given: [given],
        cwd,
        command,
        allByDefault: false,
        stage: values.stage,
      });
      const { dir } = found!;
      const { loadEnvironment, temporaryFolder } = await import('@mlterra/engine/parts');
      const environment = loadEnvironment(dir);
      const open = environment.stageNames.filter((stage) => !environment.isProtected(stage));
      const stage = values.stage ?? open[0];
      if (stage === undefined) throw stageNeeded(environment.stageNames);
      const outdir = temporaryFolder('mlterra-compose-');
      try {
        const platforms = environment
          .build(outdir)
          .node.findAll()
          .filter(
            (construct) =>
              composeExportOf(construct) !== undefined &&
              Stack.ofConstruct(construct).stackKey.stage === stage,
          );
        if (platforms.length !== 1) throw composeMissing(environment.name, stage, platforms.length);
        const folder = path.resolve(cwd, values.out ?? path.join(dir, '.mlterra', 'compose', stage));
        const name = `${environment.name}-${stage}`;
        const facts = writeComposeProject(folder, composeExportOf(platforms[0]!)!, name);
        console.log(`wrote ${folder}; start it there: docker compose up --detach --wait`);
        for (const fact of facts) console.log(`  ${fact}`);
      } finally {
        rmSync(outdir, { recursive: true, force: true });
      }
    });
}

interface ComposeValues {
  readonly stage?: string;
  readonly out?: string;
  readonly verbose?: boolean;
}
