import { errorProblems } from '@mlterra/testing';
import * as errors from './errors';

const path = 'dev-app/Server';

describe('errors', () => {
  it('each say what was given, and what to do', () => {
    expect(
      errorProblems(errors, {
        clustersMixed: [path],
        helmDriverForeign: ['configmap', 'secret'],
        variableOverrides: ['KUBE_HOST', '/home/a/.kube/config', 'kind-demo'],
        nameTaken: [path, 'ConfigMap', 'demo'],
        clusterNameTaken: [path, 'ClusterRole', 'reader', 'dev-other/Role'],
        releaseTaken: [path, 'redis'],
        secretKeyInvalid: [path, 'login', 'a b'],
        identityForeign: [path, 'reader'],
        portNameInvalid: [path, 'web', 'HTTP'],
        portPrivileged: [path, 'web', 80],
        portDuplicate: [path, 'web', 'http', 8080],
        replicasWithVolumes: [path, 3],
        kubeconfigMissing: ['/home/a/.kube/config', 'set `context`'],
        kubeconfigUnreadable: ['/home/a/.kube/config', 'EACCES'],
        contextMissing: ['/home/a/.kube/config', 'kind-demo', ['kind-a', 'kind-b'], 'set `name`'],
        clusterUnreachable: ['https://127.0.0.1:6443', 'ECONNREFUSED', 'set `name`'],
        apiRefused: ['https://127.0.0.1:6443', 'the list of pods', 403, 'Forbidden'],
        secretInPlainText: [path, 'the values of the chart "redis"', 'auth.password'],
        clusterSecretElsewhere: [path, 'prod/login/password', 'dev-app'],
        clusterSecretInFile: [path, '/etc/app.ini', 'prod/login/password'],
        apiGrantTooLate: [path, 'reader'],
      }),
    ).toEqual([]);
  });

  it('of a missing kubeconfig or context fall back on the properties that name them', () => {
    expect(errors.kubeconfigMissing('config').remedy).toBe(
      'start the cluster, or name the file that describes it by `kubeconfig`',
    );
    const missing = errors.contextMissing('config', 'kind-demo', []);
    expect(missing.remedy).toBe('set `context`, or start the cluster that makes this one');
    expect(missing.expected).toBe('a context, and it has none');
    expect(errors.contextMissing('config', 'kind-demo', ['kind-a', 'kind-b']).expected).toBe(
      'kind-a or kind-b',
    );
  });

  it('of an API that nobody reaches has no hint where there is none', () => {
    expect(errors.clusterUnreachable('https://h', 'ECONNREFUSED').remedy).toMatch(/trusts its certificate$/);
    expect(errors.clusterUnreachable('https://h', 'ECONNREFUSED', 'set `name`').remedy).toMatch(
      /trusts its certificate, or set `name`$/,
    );
  });
});
