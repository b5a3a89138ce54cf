import { contextMissing } from '../errors';
import type { ClusterMaker } from './cluster-maker';
import type { MadeCluster } from './desired-cluster';
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

describe('where the environment of the caller leads', () => {
  const kubeconfig = { kubeconfig: '/nowhere/config', context: 'other', storageClass: '' };
  const stack = { environment: 'demo', stage: 'dev', stack: 'cluster', environmentDir: '/nowhere' };
  const make = { name: 'demo', ports: [], settings: 'x' };
  const targets = (maker: Partial<ClusterMaker>, data: object) =>
    localClusterHooks(maker as ClusterMaker).targets!({ ...stack, data: { ...kubeconfig, ...data } });

  it('is asked of the tool for a cluster that it makes, whose address means nothing', async () => {
    const found = { 'container engine of tool': { value: 'here', from: 'TOOL_HOST=here' } };
    const maker = { targets: ({ settings }: MadeCluster) => (settings === 'x' ? found : {}) };
    expect(await targets(maker, { make, origin: 'made' })).toEqual(found);
    expect(await targets({}, { make, origin: 'made' })).toEqual({});
  });

  it('is read from the kubeconfig for a cluster that is there', async () => {
    const found = await targets({}, { make: null });
    expect(Object.keys(found)).toEqual(['Kubernetes cluster of the context "other" of /nowhere/config']);
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
