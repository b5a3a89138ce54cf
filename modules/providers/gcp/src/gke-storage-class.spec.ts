import type { ProfileName } from '@mlterra/core';
import { GkeStorageClass, type GkeStorageClassProps } from './gke-storage-class';
import { synth } from './testing/synth';

function make(props: Partial<GkeStorageClassProps> = {}, profile: ProfileName = 'development') {
  let className = '';
  const stacks = synth(
    (demo) => {
      const cluster = demo.cluster();
      className = new GkeStorageClass(demo.stack('storage'), 'disks', { cluster, ...props }).className;
    },
    { profile },
  );
  const { objects } = (stacks['dev/storage'] as ReturnType<typeof JSON.parse>).locals.kubernetes_values;
  return { className, object: objects.find(({ kind }: { kind: string }) => kind === 'StorageClass') };
}

describe('GkeStorageClass', () => {
  it("is encrypted with the cluster's key, and made where the pod is", () => {
    const { className, object } = make();
    expect(className).toBe('pd-balanced-encrypted');
    expect(object.parameters).toEqual({
      type: 'pd-balanced',
      'disk-encryption-kms-key': expect.stringContaining('upstream_dev_cluster.outputs.cluster_disksKeyId'),
    });
    expect(object).toMatchObject({ volumeBindingMode: 'WaitForFirstConsumer', reclaimPolicy: 'Delete' });
  });

  it('is in two zones and is kept in production', () => {
    const { className, object } = make({}, 'production');
    expect(className).toBe('pd-balanced-encrypted-regional');
    expect(object.parameters['replication-type']).toBe('regional-pd');
    expect(object.reclaimPolicy).toBe('Retain');
  });

  it('refuses a name that is none', () => {
    expect(() => make({ className: 'Fast' })).toThrow('a StorageClass cannot be named "Fast".');
  });
});
