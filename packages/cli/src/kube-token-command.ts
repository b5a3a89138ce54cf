import { createRequire } from 'node:module';
import path from 'node:path';
import type { KubeTokenModule } from '@mlterra/core';
import { Command } from 'commander';
import { cloudNotInstalled, cloudUnknown } from './errors';
import { options } from './options';

/** `mlterra kube-token <cloud>` */
export function kubeTokenCommand(): Command {
  return new Command('kube-token')
    .description('print a token for the Kubernetes clusters of a cloud, as kubectl and Terraform ask for it')
    .argument('<cloud>', 'name of the provider, e.g. gcp')
    .addOption(options.verbose())
    .showHelpAfterError('(see mlterra kube-token --help)')
    .action(async (cloud: string) => {
      const { token, expires } = await loadModule(cloud).kubeToken();
      const credential = {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        status: {
          token,
          ...(expires === undefined ? {} : { expirationTimestamp: expires.toISOString() }),
        },
      };
      process.stdout.write(`${JSON.stringify(credential)}\n`);
    });
}

/**
 * The module of a provider's package. Terraform runs this command in the folder of a stack, kubectl wherever a
 * person is; where that is outside of the workspace, the packages beside this one are taken.
 */
function loadModule(cloud: string): KubeTokenModule {
  if (!/^[a-z][a-z0-9]*$/.test(cloud)) throw cloudUnknown(cloud);
  const name = `@mlterra/${cloud}`;
  for (const from of [path.join(process.cwd(), 'from.js'), __filename]) {
    const load = createRequire(from);
    if (!canResolve(load, `${name}/package.json`)) continue;
    if (!canResolve(load, `${name}/kube-token`)) throw cloudUnknown(cloud);
    return load(`${name}/kube-token`) as KubeTokenModule;
  }
  throw cloudNotInstalled(cloud, name);
}

function canResolve(load: NodeJS.Require, specifier: string): boolean {
  try {
    load.resolve(specifier);
    return true;
  } catch {
    return false;
  }
}
