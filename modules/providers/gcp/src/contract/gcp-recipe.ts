import type { Stage } from '@mlterra/core';
import type { CapabilityRecipe, PlatformRecipe } from '@mlterra/testing/contracts';
import type { Construct } from 'constructs';
import { CloudDnsZone } from '../cloud-dns-zone';
import { CloudSqlPostgres } from '../cloud-sql-postgres';
import { ComputeInstanceGroup } from '../compute-instance-group';
import { GkeCluster } from '../gke-cluster';
import { GoogleProject } from '../google-project';
import { KeyRing } from '../key-ring';
import { SecretManager } from '../secret-manager';
import { StorageBucket } from '../storage-bucket';
import { Subnetwork } from '../subnetwork';
import { VpcNetwork } from '../vpc-network';
import { gcpObserver } from './gcp-observer';

const project = new GoogleProject({
  projectId: 'recipe-project',
  projectNumber: '123456789012',
  region: 'europe-west3',
});

/** Tools on GKE, with Cloud SQL, buckets, Secret Manager and a zone. */
export const gcpRecipe: PlatformRecipe = {
  provider: 'gcp',
  platformKind: 'kubernetes',
  way: 'paas',
  accessManagement: true,
  build(stage) {
    const { network, keyRing } = foundation(stage);
    const clusterStack = stage.stack('cluster');
    const subnetwork = subnetworkIn(clusterStack, network);
    const services = stage.stack('services');
    return {
      platform: new GkeCluster(clusterStack, 'cluster', { subnetwork, keyRing }),
      database: new CloudSqlPostgres(stage.stack('database'), 'postgres', { network, keyRing }),
      addObjectStore: (scope, id) => new StorageBucket(scope, id, { project, keyRing }),
      secretStore: new SecretManager(services, 'secrets', { project }),
      dnsZone: new CloudDnsZone(services, 'zone', { project, domain: 'example.org' }),
    };
  },
  observer: gcpObserver,
};

/** A group of machines. No tool runs on it yet, so it has no cell in the matrix. */
export const gcpMachinesRecipe: CapabilityRecipe = {
  provider: 'gcp',
  platformKind: 'machines',
  way: 'iaas',
  accessManagement: true,
  build(stage) {
    const { network, keyRing } = foundation(stage);
    const stack = stage.stack('machines');
    const group = new ComputeInstanceGroup(stack, 'group', {
      subnetwork: subnetworkIn(stack, network),
      keyRing,
      healthCheck: { port: 8080, httpPath: '/health' },
      userData: '#cloud-config\n',
    });
    group.openPort(stack, 'web', { port: { port: 8080, protocol: 'http' }, from: ['10.0.0.0/8'] });
  },
  observer: gcpObserver,
};

interface Foundation {
  readonly network: VpcNetwork;
  readonly keyRing: KeyRing;
}

function foundation(stage: Stage<unknown>): Foundation {
  const stack = stage.stack('foundation');
  return {
    network: new VpcNetwork(stack, 'network', { project }),
    keyRing: new KeyRing(stack, 'keys', { project }),
  };
}

function subnetworkIn(scope: Construct, network: VpcNetwork): Subnetwork {
  return new Subnetwork(scope, 'subnetwork', {
    network,
    machinesCidr: '10.0.0.0/20',
    podsCidr: '10.16.0.0/16',
    servicesCidr: '10.0.16.0/20',
  });
}
