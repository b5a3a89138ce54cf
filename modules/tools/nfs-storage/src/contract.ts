import { catalogue } from '@mlterra/catalogue';
import type { ToolRecipe } from '@mlterra/testing/contracts';
import { NfsDriver } from './nfs-driver';
import { NfsStorageClass } from './nfs-storage-class';

/** Volumes on NFS, for the contract suites. */
export const nfsStorageRecipe: ToolRecipe = {
  tool: 'nfs-storage',
  runsOn: ['kubernetes'],
  build(stack, { platform, before }) {
    const driver = before('nfs-driver', (own) => new NfsDriver(own, 'nfs-driver', { platform }));
    new NfsStorageClass(stack, 'nfs', { driver, server: 'nfs.example.org', share: '/exports/ml' });
  },
  expectations: {
    workloads: [],
    charts: [
      {
        chart: catalogue.csiDriverNfs.chart.name,
        repository: catalogue.csiDriverNfs.chart.repository,
        podSecurity: 'privileged',
      },
    ],
    objects: [{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }],
  },
};
