import { childErrorLine, MlterraError } from '@mlterra/core/errors';
import { provisionMissing } from './errors';
import { awaitEnd, awaitHealthy } from './runtime/await-container';
import { connectTo } from './runtime/connect';
import { ownVolumes } from './runtime/own-volumes';
import type { Provision } from './spec';

/** Does what is to be done once a container has been made; started by its provisioner. */
export async function main(): Promise<void> {
  try {
    const given = process.env.MLTERRA_DOCKER_PROVISION;
    if (!given) throw provisionMissing();
    await provision(JSON.parse(given) as Provision);
  } catch (error) {
    console.error(MlterraError.is(error) ? childErrorLine(error) : error);
    process.exitCode = 1;
  }
}

async function provision(what: Provision): Promise<void> {
  const docker = await connectTo(what.host);
  switch (what.kind) {
    case 'healthy':
      return awaitHealthy(docker, what);
    case 'ended':
      return awaitEnd(docker, what);
    case 'own':
      return ownVolumes(docker, what);
  }
}
