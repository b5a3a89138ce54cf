import { contextMissing } from '../errors';
import type { ClusterMaker } from './cluster-maker';
import { localClusterHooks } from './local-cluster-hooks';

describe('prepare, of a cluster that is there', () => {
  const prepare = async (given: object): Promise<void> => {
    const data = { kubeconfig: '/nowhere/config', context: 'other', storageClass: '', make: null, ...given };
    const stack = { environment: 'demo', stage: 'dev', stack: 'cluster', environmentDir: '/nowhere' };
    await localClusterHooks({} as ClusterMaker).prepare!({ ...stack, data, resources: [] });
  };

  it('finds that it cannot be used, and says how another one is named', async () => {
    await expect(prepare({ hint: 'set DEMO_CONTEXT' })).rejects.toThrow(
      /no kubeconfig \/nowhere\/config[^]*or set DEMO_CONTEXT/,
    );
    await expect(prepare({})).rejects.toThrow(/or name the file that describes it by `kubeconfig`/);
  });

  it('leaves a cluster to its provisioner that is yet to be made', async () => {
    await expect(prepare({ make: { name: 'demo', ports: [], settings: {} } })).resolves.toBeUndefined();
  });
});

describe('contextMissing', () => {
  it('says how another one is named, and which there are', () => {
    expect(contextMissing('config', 'other', ['laptop'], 'set DEMO_CONTEXT').message).toMatch(
      /no context "other"[^]*expected: laptop[^]*set DEMO_CONTEXT, or start/,
    );
    expect(contextMissing('config', 'other', []).message).toMatch(/set `context`, or start/);
  });
});
