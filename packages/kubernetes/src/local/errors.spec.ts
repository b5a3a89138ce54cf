import { errorProblems } from '@mlterra/testing';
import * as errors from './errors';

describe('errors of local clusters', () => {
  it('each say what was given, and what to do', () => {
    expect(
      errorProblems(errors, {
        desiredMissing: ['kind'],
        toolMissing: ['kubectl', 'kind needs it', 'install it with npm'],
        toolFailed: ['kind', 'make the cluster', 'no space left', 'free some space'],
        clusterForeign: ['kind', 'demo', 'kind delete cluster'],
        clusterDiffers: ['k3s', 'demo', ['nodes: 1, not 3', 'version: 1.34, not 1.35']],
        publishedPortTaken: ['kind', 'demo', 5510],
        clusterTooOld: ['https://127.0.0.1:6443', '1.27.3', '1.30'],
        storageClassMissing: ['kind-demo', ['fast', 'slow']],
        storageClassUnknown: ['nfs', ['fast', 'slow']],
        clusterNameInvalid: ['dev-kit/Cluster', 'Demo'],
        nodesInvalid: ['dev-kit/Cluster', 21],
      }),
    ).toEqual([]);
  });

  it('keep what a tool printed apart from the sentence, line by line', () => {
    const error = errors.toolFailed('kind', 'make the cluster', 'one\ntwo');
    expect(error.message).toBe('kind could not make the cluster:\n    one\n    two');
    expect(error.remedy).toBeUndefined();
    expect(errors.clusterDiffers('k3s', 'demo', ['one', 'two']).message).toContain(
      'cannot change it:\n    one\n    two\n',
    );
  });

  it('name the storage classes there are, or what to install', () => {
    expect(errors.storageClassMissing('kind-demo', ['fast', 'slow']).remedy).toBe(
      'set `storageClass` to one it has: fast or slow',
    );
    expect(errors.storageClassMissing('kind-demo', []).remedy).toBe(
      'install one, e.g. local-path-provisioner',
    );
    expect(errors.storageClassUnknown('nfs', ['fast', 'slow']).expected).toBe('fast or slow');
    expect(errors.storageClassUnknown('nfs', []).expected).toBe('a storage class, and it has none');
  });
});
