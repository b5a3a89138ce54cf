import { join } from 'node:path';
import {
  getServiceEndpoint,
  httpGetWithRetry,
  kubectlApplyFromString,
  kubectlDeleteFromString,
  openTunnel,
  runKubectl,
  waitUntilDeploymentAvailable,
  waitUntilNumPodsCreated,
  waitUntilPodAvailable,
  waitUntilServiceAvailable,
  type KubectlOptions,
} from '@mlterra/terratest-wrapper';
import { canRunKubernetes, startKubernetes, type KubernetesServer } from './kubernetes';

const onACluster = canRunKubernetes() && process.env['MLTERRA_TEST_FULL'] ? describe : describe.skip;

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: health }
spec:
  type: NodePort
  selector: { k8s-app: kube-dns }
  ports: [{ port: 80, targetPort: 8080 }]
`;
const BROKEN = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: broken }
spec:
  selector: { matchLabels: { app: broken } }
  template:
    metadata: { labels: { app: broken } }
    spec: { containers: [{ name: broken, image: 'mlterra.invalid/none:1' }] }
`;

/** Here, because the wrapper itself depends on nothing of the test bed. */
onACluster('Kubernetes by Terratest', () => {
  let cluster: KubernetesServer;
  let options: KubectlOptions;
  const path = process.env['PATH'];

  beforeAll(async () => {
    cluster = await startKubernetes();
    process.env['PATH'] = `${join(cluster.kubeconfig, '..', 'bin')}:${path}`;
    options = { kubeconfig: cluster.kubeconfig, context: cluster.context, namespace: 'kube-system' };
  }, 600_000);

  afterAll(async () => {
    process.env['PATH'] = path;
    await cluster?.stop();
  }, 60_000);

  it('waits for deployments and pods, and reaches them through a tunnel', async () => {
    await waitUntilDeploymentAvailable(options, 'coredns');
    await waitUntilNumPodsCreated(options, 'k8s-app=kube-dns', 1);
    const pod = await runKubectl(options, 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'name');
    await waitUntilPodAvailable(options, pod.trim().replace('pod/', ''));
    await kubectlApplyFromString(options, SERVICE);
    await waitUntilServiceAvailable(options, 'health');
    for (const [resource, port] of [
      [pod.trim(), 8080],
      ['deployment/coredns', 8080],
      ['service/health', 80],
    ] as const) {
      const tunnel = await openTunnel(options, resource, port);
      await httpGetWithRetry(`http://${tunnel.endpoint}/health`, { body: 'OK' });
      await tunnel.close();
      await expect(httpGetWithRetry(`http://${tunnel.endpoint}/health`, { maxRetries: 0 })).rejects.toThrow(
        /connection refused/,
      );
    }
    expect(await getServiceEndpoint(options, 'health', 80)).toMatch(/^[\w.-]+:3\d{4}$/);
    await kubectlDeleteFromString(options, SERVICE);
    await expect(openTunnel(options, 'service/health', 80)).rejects.toThrow(/"health" not found/);
  });

  it('tells what is not there, and what the cluster refuses', async () => {
    await kubectlApplyFromString(options, BROKEN);
    const twice = { maxRetries: 1, timeBetweenRetriesSeconds: 1 };
    await expect(waitUntilDeploymentAvailable(options, 'broken', twice)).rejects.toThrow(
      /waiting for the deployment broken did not work within its retries; the last time: Deployment broken is not available/,
    );
    await expect(waitUntilPodAvailable(options, 'nobody', twice)).rejects.toThrow(/pods "nobody" not found/);
    await expect(
      kubectlApplyFromString(options, 'apiVersion: v1\nkind: Nothing\nmetadata: { name: x }\n'),
    ).rejects.toThrow(/kubectl apply failed: .*no matches for kind "Nothing"/s);
    await expect(runKubectl(options, 'get', 'secret', 'none')).rejects.toThrow(
      /kubectl get failed: .*"none" not found/s,
    );
  });
});
