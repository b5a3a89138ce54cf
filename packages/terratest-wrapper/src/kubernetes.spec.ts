import { join } from 'node:path';
import {
  getServiceEndpoint,
  kubectlApplyFromString,
  openTunnel,
  runKubectl,
  waitUntilDeploymentAvailable,
  waitUntilPodAvailable,
} from './kubernetes';
import { folderWith } from './testing/module-folder';
import { describeTerratest } from './testing/needs-terratest';

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: gone
clusters:
  - name: gone
    cluster: { server: 'https://127.0.0.1:1' }
contexts:
  - name: gone
    context: { cluster: gone, user: nobody }
users:
  - name: nobody
    user: { token: s3cret-token }
`;
const TWICE = { maxRetries: 1, timeBetweenRetriesSeconds: 0.01 };

describeTerratest('a cluster that cannot be used', () => {
  const folder = folderWith({ kubeconfig: KUBECONFIG, 'bin/none': '' });
  const options = { kubeconfig: join(folder, 'kubeconfig') };
  const variables = { ...process.env };
  afterEach(() => {
    process.env = { ...variables };
  });

  it('is told: it is not reached', async () => {
    await expect(waitUntilPodAvailable(options, 'web', TWICE)).rejects.toMatchObject({
      code: 'terratest-retries',
      message: expect.stringMatching(
        /^waiting for the pod web did not work within its retries; the last time: .*127\.0\.0\.1:1.*connection refused/s,
      ),
    });
    await expect(waitUntilDeploymentAvailable(options, 'web', TWICE)).rejects.toThrow(/connection refused/);
    await expect(getServiceEndpoint(options, 'web', 80)).rejects.toThrow(
      /the endpoint of the service web failed: .*connection refused/s,
    );
    await expect(openTunnel(options, 'service/web', 80)).rejects.toThrow(
      /the tunnel to service\/web failed: .*connection refused/s,
    );
  });

  it('is told: the kubeconfig does not have the context', async () => {
    await expect(waitUntilPodAvailable({ ...options, context: 'other' }, 'web')).rejects.toMatchObject({
      code: 'terratest-kubeconfig',
      message: expect.stringContaining('context "other" does not exist'),
    });
  });

  it('is told: there is no kubeconfig, and the cluster a test may run in is not taken instead', async () => {
    process.env['KUBECONFIG'] = join(folder, 'missing');
    process.env['KUBERNETES_SERVICE_HOST'] = '127.0.0.1';
    process.env['KUBERNETES_SERVICE_PORT'] = '1';
    await expect(waitUntilPodAvailable({}, 'web', TWICE)).rejects.toThrow(
      /the kubeconfig cannot be used: .*missing: no such file/,
    );
  });

  it('is told: there is no kubectl', async () => {
    process.env['PATH'] = join(folder, 'bin');
    await expect(kubectlApplyFromString(options, 'kind: Pod')).rejects.toMatchObject({
      code: 'terratest-kubectl-missing',
      message: expect.stringContaining('https://kubernetes.io/docs/tasks/tools/'),
    });
    await expect(runKubectl(options, 'get', 'pods')).rejects.toMatchObject({
      code: 'terratest-kubectl-missing',
    });
  });

  it('is told: nothing a tunnel can lead to', async () => {
    await expect(openTunnel(options, 'web', 80)).rejects.toThrow(/"web" is nothing a tunnel can lead to/);
  });
});
