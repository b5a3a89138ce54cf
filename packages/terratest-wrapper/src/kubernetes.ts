import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { openCall, runCall, type CallRequest } from './calls';
import { resourceUnknown } from './errors';
import { isLogged } from './log';
import type { RetryOptions } from './retry';

/** Which cluster, as Terratest's `k8s.KubectlOptions`. */
export interface KubectlOptions {
  /** @default - the first file in KUBECONFIG, else ~/.kube/config */
  readonly kubeconfig?: string;
  /** @default - the current context of the kubeconfig */
  readonly context?: string;
  /** @default default */
  readonly namespace?: string;
  /** Of one request to the cluster. @default 10 */
  readonly requestTimeoutSeconds?: number;
  /** Prints what kubectl prints while it does, to standard error. @default - MLTERRA_TERRATEST_LOG is set */
  readonly log?: boolean;
}

/** Waits until all containers of a pod are ready. */
export async function waitUntilPodAvailable(
  options: KubectlOptions,
  name: string,
  retries?: RetryOptions,
): Promise<void> {
  await run('waitUntilPodAvailable', `waiting for the pod ${name}`, options, { name, ...waits(retries) });
}

/** Waits until a deployment is rolled out. */
export async function waitUntilDeploymentAvailable(
  options: KubectlOptions,
  name: string,
  retries?: RetryOptions,
): Promise<void> {
  const what = `waiting for the deployment ${name}`;
  await run('waitUntilDeploymentAvailable', what, options, { name, ...waits(retries) });
}

/** Waits until a service has an address: at once, but for one of type LoadBalancer. */
export async function waitUntilServiceAvailable(
  options: KubectlOptions,
  name: string,
  retries?: RetryOptions,
): Promise<void> {
  await run('waitUntilServiceAvailable', `waiting for the service ${name}`, options, {
    name,
    ...waits(retries),
  });
}

/** Waits until a job has succeeded. */
export async function waitUntilJobSucceed(
  options: KubectlOptions,
  name: string,
  retries?: RetryOptions,
): Promise<void> {
  await run('waitUntilJobSucceed', `waiting for the job ${name}`, options, { name, ...waits(retries) });
}

/** Waits until a number of pods with labels, e.g. `app=web`, exist, ready or not. */
export async function waitUntilNumPodsCreated(
  options: KubectlOptions,
  labels: string,
  count: number,
  retries?: RetryOptions,
): Promise<void> {
  const what = `waiting for ${count} pods with ${labels}`;
  await run('waitUntilNumPodsCreated', what, options, { labels, count, ...waits(retries) });
}

/** `host:port` where a service is reached: for ClusterIP inside of the cluster only. */
export async function getServiceEndpoint(
  options: KubectlOptions,
  name: string,
  port: number,
): Promise<string> {
  const what = `the endpoint of the service ${name}`;
  return (await run('getServiceEndpoint', what, options, { name, port })) as string;
}

/** `kubectl apply -f` of a file, folder or URL. */
export async function kubectlApply(options: KubectlOptions, path: string): Promise<void> {
  await run('kubectlApply', `kubectl apply -f ${path}`, options, { path });
}

/** `kubectl apply` of a manifest. */
export async function kubectlApplyFromString(options: KubectlOptions, manifest: string): Promise<void> {
  await run('kubectlApplyFromString', 'kubectl apply', options, { manifest });
}

/** `kubectl delete -f` of a file, folder or URL. */
export async function kubectlDelete(options: KubectlOptions, path: string): Promise<void> {
  await run('kubectlDelete', `kubectl delete -f ${path}`, options, { path });
}

/** `kubectl delete` of a manifest. */
export async function kubectlDeleteFromString(options: KubectlOptions, manifest: string): Promise<void> {
  await run('kubectlDeleteFromString', 'kubectl delete', options, { manifest });
}

/** Any command of kubectl. @returns what it printed */
export async function runKubectl(options: KubectlOptions, ...args: readonly string[]): Promise<string> {
  return (await run('runKubectl', `kubectl ${args[0] ?? ''}`.trim(), options, { args })) as string;
}

/** A port of this machine that leads to one in the cluster. */
export interface Tunnel {
  /** `127.0.0.1:40123` */
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Forwards a free port of the loopback interface to `pod/<name>`, `deployment/<name>` or `service/<name>`, as
 * `kubectl port-forward` does, until it is closed, its test has ended, or all tests of the file have.
 */
export async function openTunnel(options: KubectlOptions, resource: string, port: number): Promise<Tunnel> {
  const [, kind, name] = /^(pod|deployment|service)\/([^/]+)$/.exec(resource) ?? [];
  if (kind === undefined) throw resourceUnknown(resource);
  const localPort = await freePort();
  const call = await openCall(
    request('tunnel', `the tunnel to ${resource}`, options, { kind, name, port, localPort }),
  );
  return { endpoint: `127.0.0.1:${localPort}`, port: localPort, close: () => call.close() };
}

function run(call: string, what: string, options: KubectlOptions, more: object): Promise<unknown> {
  return runCall(request(call, what, options, more));
}

function request(call: string, what: string, options: KubectlOptions, more: object): CallRequest {
  const [fromEnvironment] = (process.env['KUBECONFIG'] ?? '').split(delimiter);
  const kubeconfig = resolve(options.kubeconfig ?? (fromEnvironment || join(homedir(), '.kube', 'config')));
  return {
    call,
    what,
    body: {
      kubernetes: {
        kubeconfig,
        context: options.context ?? '',
        namespace: options.namespace ?? 'default',
        timeoutSeconds: options.requestTimeoutSeconds ?? 10,
        ...more,
      },
    },
    log: isLogged(options.log),
  };
}

function waits({ maxRetries = 30, timeBetweenRetriesSeconds = 2 }: RetryOptions = {}): object {
  return { maxRetries, millisecondsToWait: timeBetweenRetriesSeconds * 1000 };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
