import { createServer } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { StackKey } from '@mlterra/core';
import type { Kubeconfig } from '../hook-data';
import type { ClusterMaker } from './cluster-maker';
import { ClusterRecords } from './cluster-record';
import type { MadeCluster } from './desired-cluster';
import { clusterDiffers, clusterForeign, publishedPortTaken } from './errors';

export interface EnsureClusterProps {
  readonly environmentDir: string;
  readonly stackKey: StackKey;
  readonly cluster: MadeCluster;
  readonly kubeconfig: Kubeconfig;
}

/** Makes a cluster unless it is there; one that somebody else has made is refused. */
export async function ensureCluster(maker: ClusterMaker, props: EnsureClusterProps): Promise<void> {
  const { cluster, kubeconfig, environmentDir, stackKey } = props;
  const { name } = cluster;
  await maker.check(cluster);
  const records = new ClusterRecords(environmentDir, maker.tool);
  const record = records.read(name);
  const exists = await maker.exists(name);
  if (exists && record === undefined) throw clusterForeign(maker.tool, name, maker.removal(name));
  if (exists && record!.complete) {
    if (isDeepStrictEqual(record!.cluster, cluster)) return maker.start(cluster, kubeconfig);
    if (!maker.changes) throw clusterDiffers(maker.tool, name, differences(record!.cluster, cluster));
  } else {
    // A run that was killed has left half a cluster.
    if (exists) await maker.remove(cluster, kubeconfig);
    for (const port of cluster.ports) {
      if (await isTaken(port)) throw publishedPortTaken(maker.tool, name, port);
    }
  }
  const { stage, stack } = stackKey;
  const before = record?.complete === true && exists ? record : undefined;
  if (before === undefined) records.write({ cluster, stage, stack, complete: false });
  try {
    await maker.make(cluster, kubeconfig);
  } catch (error) {
    if (before === undefined) {
      await maker.remove(cluster, kubeconfig);
      records.remove(name);
    }
    throw error;
  }
  records.write({ cluster, stage, stack, complete: true });
}

/** What differs, a line each. */
function differences(before: MadeCluster, now: MadeCluster): readonly string[] {
  const flat = ({ ports, settings }: MadeCluster): Record<string, unknown> => ({
    ports,
    ...(settings as Record<string, unknown>),
  });
  const [had, wanted] = [flat(before), flat(now)];
  return [...new Set([...Object.keys(had), ...Object.keys(wanted)])]
    .filter((key) => !isDeepStrictEqual(had[key], wanted[key]))
    .map((key) => `${key}: ${JSON.stringify(had[key])}, wanted ${JSON.stringify(wanted[key])}`);
}

/** Whether somebody listens on a port of loopback. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}
