import type { PlatformRecipe } from '@mlterra/testing/contracts';
import { CloudSqlPostgres } from '../cloud-sql-postgres';
import { GkeCluster } from '../gke-cluster';
import { GoogleProject } from '../google-project';
import { KeyRing } from '../key-ring';
import { StorageBucket } from '../storage-bucket';
import { Subnetwork } from '../subnetwork';
import { VpcNetwork } from '../vpc-network';
import { gcpObserver } from './gcp-observer';

/** Tools on GKE, with Cloud SQL and buckets. */
export const gcpRecipe: PlatformRecipe = {
  provider: 'gcp',
  platformKind: 'kubernetes',
  way: 'paas',
  accessManagement: true,
  build(stage) {
    const project = new GoogleProject({
      projectId: 'recipe-project',
      projectNumber: '123456789012',
      region: 'europe-west3',
    });
    const foundation = stage.stack('foundation');
    const network = new VpcNetwork(foundation, 'network', { project });
    const keyRing = new KeyRing(foundation, 'keys', { project });
    const clusterStack = stage.stack('cluster');
    const subnetwork = new Subnetwork(clusterStack, 'subnetwork', {
      network,
      machinesCidr: '10.0.0.0/20',
      podsCidr: '10.16.0.0/16',
      servicesCidr: '10.0.16.0/20',
    });
    return {
      platform: new GkeCluster(clusterStack, 'cluster', { subnetwork, keyRing }),
      database: new CloudSqlPostgres(stage.stack('database'), 'postgres', { network, keyRing }),
      addObjectStore: (scope, id) => new StorageBucket(scope, id, { project, keyRing }),
    };
  },
  observer: gcpObserver,
};
