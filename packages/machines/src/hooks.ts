import type { PlatformHooks } from '@mlterra/core';

/** What the engine can ask of workloads on machines. */
export const hooks: PlatformHooks = {
  /** A command line that prints the secret: it is in the state. */
  locateSecret(_context, reference) {
    const [key, output] = reference.split('#') as [string, string];
    const [, stage, stack] = key.split('/');
    return Promise.resolve(`terraform -chdir=.mlterra/stacks/${stage}-${stack} output -raw ${output}`);
  },
};
