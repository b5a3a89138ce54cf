import type { PlatformHooks } from '@mlterra/core';
import { MlterraError } from '@mlterra/core/errors';
import { ClusterApi } from '../cluster-api';
import { volumeClaims } from '../cluster-objects';
import { kubernetesTargets } from '../kubernetes-target';
import type { ClusterMaker } from './cluster-maker';
import { ClusterRecords } from './cluster-record';
import type { ClusterHookData } from './desired-cluster';
import { preflight } from './preflight';

/** The resource that a finding asks to replace: its provisioner starts the cluster, or makes it again. */
const ADDRESS = 'terraform_data.cluster';

/** What the engine can ask of clusters that a tool makes on this machine. */
export function localClusterHooks(maker: ClusterMaker): PlatformHooks {
  return {
    /** Before the resource of a cluster that somebody else made is replaced: that one can be used. */
    async prepare(context) {
      const data = context.data as ClusterHookData;
      if (data.make === null) await preflight(data);
    },

    async probe(context) {
      const data = context.data as ClusterHookData;
      try {
        await (await ClusterApi.open(data)).get('/version');
        return [];
      } catch (error) {
        if (!MlterraError.is(error)) throw error;
        return [{ address: ADDRESS, problem: error.message.split('\n')[0]! }];
      }
    },

    async release(context) {
      const data = context.data as ClusterHookData;
      const nothing = { released: [], kept: [], left: [] };
      if (data.make === null) return nothing;
      const { name } = data.make;
      const records = new ClusterRecords(context.environmentDir, maker.tool);
      const record = records.read(name);
      if (record === undefined) return nothing;
      const what = `${maker.tool} cluster ${name}`;
      if (!context.purge) {
        const volumes = await keptVolumes(data, record.complete);
        if (volumes !== '')
          return { ...nothing, kept: [`${what} with ${volumes} (removed by destroy --purge)`] };
      }
      await maker.remove(record.cluster, data);
      if (await maker.exists(name)) return { ...nothing, left: [`${what} (${maker.removal(name)})`] };
      records.remove(name);
      return { ...nothing, released: [what] };
    },

    async targets(context) {
      const data = context.data as ClusterHookData;
      return data.make === null ? kubernetesTargets(data) : (maker.targets?.(data.make) ?? {});
    },

    inventory({ environmentDir, stage }) {
      const records = new ClusterRecords(environmentDir, maker.tool).all();
      return Promise.resolve(records.filter((record) => record.stage === stage).map(({ stack }) => stack));
    },
  };
}

/** The volumes that would be lost with the cluster, in words; one that does not answer may have any. */
async function keptVolumes(data: ClusterHookData, complete: boolean): Promise<string> {
  if (!complete) return '';
  try {
    const claims = await volumeClaims(await ClusterApi.open(data));
    return claims.length === 0 ? '' : `the volumes ${claims.join(', ')}`;
  } catch (error) {
    if (MlterraError.is(error)) return 'whatever volumes it has, as it does not answer';
    throw error;
  }
}
