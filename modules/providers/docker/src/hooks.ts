import { join } from 'node:path';
import type { PlatformHooks } from '@mlterra/core';
import { checkNames } from './runtime/check-names';
import { checkPorts } from './runtime/check-ports';
import { connectTo } from './runtime/connect';
import { daemonTargets } from './runtime/daemon-target';
import { stacksOnEngine } from './runtime/inventory';
import { makeVolumes } from './runtime/make-volumes';
import { probeContainers } from './runtime/probe';
import { pullImages } from './runtime/pull-images';
import { releaseStack } from './runtime/release';
import { removeOrphans } from './runtime/remove-orphans';
import type { HookData } from './spec';

/** What the engine of mlterra can ask of a Docker engine. */
export const hooks: PlatformHooks = {
  async prepare(context) {
    const { host, images } = context.data as HookData;
    const docker = await connectTo(host);
    await removeOrphans(docker, context);
    await checkNames(docker, context);
    await checkPorts(docker, context);
    await pullImages(docker, images);
    await makeVolumes(docker, context);
  },

  async probe(context) {
    const data = context.data as HookData;
    return probeContainers(await connectTo(data.host), data);
  },

  async release(context) {
    return releaseStack(await connectTo((context.data as HookData).host), context);
  },

  async inventory(context) {
    return stacksOnEngine(await connectTo((context.data as HookData).host), context);
  },

  async targets({ data }) {
    return daemonTargets((data as HookData).host);
  },

  /** A command line that prints the secret: it is in the state. */
  locateSecret(context, reference) {
    const output = reference.slice(reference.indexOf('#') + 1);
    const [, stage, stack] = reference.slice(0, reference.indexOf('#')).split('/');
    const folder = join(context.environmentDir, '.mlterra', 'stacks', `${stage}-${stack}`);
    return Promise.resolve(`terraform -chdir=${folder} output -raw ${output}`);
  },
};
