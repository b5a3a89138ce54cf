import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { childErrorLine, MlterraError } from '@mlterra/core/errors';
import type { ClusterMaker } from './cluster-maker';
import { DESIRED_VARIABLE, STACK_VARIABLE, type DesiredCluster } from './desired-cluster';
import { ensureCluster } from './ensure-cluster';
import { desiredMissing } from './errors';
import { preflight } from './preflight';

/** Where an environment is, seen from the working folder of any of its stacks. */
const ENVIRONMENT = '../../..';

/** How long a new cluster may take to answer, and to have its storage class. */
const READY_SECONDS = 120;

/** Brings a cluster in line; started by the provisioner of `terraform_data.cluster`. */
export async function runLocalCluster(maker: ClusterMaker): Promise<void> {
  try {
    await bringInLine(maker);
  } catch (error) {
    console.error(MlterraError.is(error) ? childErrorLine(error) : error);
    process.exitCode = 1;
  }
}

async function bringInLine(maker: ClusterMaker): Promise<void> {
  const { [STACK_VARIABLE]: key, [DESIRED_VARIABLE]: encoded } = process.env;
  if (!key || !encoded) throw desiredMissing(maker.tool);
  const desired = JSON.parse(gunzipSync(Buffer.from(encoded, 'base64')).toString()) as DesiredCluster;
  if (desired.make === null) return preflight(desired);
  const [environment, stage, stack] = key.split('/') as [string, string, string];
  const stackKey = { environment, stage, stack };
  const environmentDir = resolve(process.cwd(), ENVIRONMENT);
  await ensureCluster(maker, { environmentDir, stackKey, cluster: desired.make, kubeconfig: desired });
  await patiently(() => preflight(desired));
}

/** A cluster that was just made or started needs a while until all of it is there. */
async function patiently(check: () => Promise<void>): Promise<void> {
  for (const end = Date.now() + READY_SECONDS * 1000; ; await sleep(1000)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
