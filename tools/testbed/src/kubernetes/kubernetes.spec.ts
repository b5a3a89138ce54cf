import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeImageArchive } from './image-archive';
import { startKubernetes, type KubernetesServer } from './kubernetes';
import { programPath } from './programs';
import { canRunKubernetes } from './requirements';

const run = promisify(execFile);

// A cluster that is not built, or no root: see tools/ci/skips.json.
/** Without all tests the end-to-end tests on a cluster show that it runs pods with volumes, and is reached. */
const onCluster = process.env.MLTERRA_TEST_FULL === '1' && canRunKubernetes() ? describe : describe.skip;

jest.setTimeout(300_000);

/** One server that answers on a port, without a shell: the DNS program, with an answer to `/health`. */
const WORKLOAD = `
apiVersion: v1
kind: Namespace
metadata: { name: proof, labels: { pod-security.kubernetes.io/enforce: baseline } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: proof }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: server, namespace: proof }
data:
  Corefile: |
    .:5300 {
      health :8080
    }
---
apiVersion: v1
kind: Pod
metadata: { name: server, namespace: proof, labels: { app: server } }
spec:
  securityContext: { runAsUser: 1000, runAsNonRoot: true }
  containers:
    - name: server
      image: proof.example/server:v1
      args: [-conf, /etc/server/Corefile]
      readinessProbe: { httpGet: { path: /health, port: 8080 }, periodSeconds: 1 }
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: config, mountPath: /etc/server }
  volumes:
    - { name: data, persistentVolumeClaim: { claimName: data } }
    - { name: config, configMap: { name: server } }
---
apiVersion: v1
kind: Service
metadata: { name: server, namespace: proof }
spec: { type: NodePort, selector: { app: server }, ports: [{ port: 80, targetPort: 8080 }] }
---
# Makes a folder on the volume, then asks the server by its name, until rules and names have arrived.
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: proof }
spec:
  restartPolicy: OnFailure
  securityContext: { runAsUser: 1000, runAsNonRoot: true }
  initContainers:
    - name: writer
      image: mlterra.dev/testbed/pause:v1
      command: [/make-volume]
      env: [{ name: VOL_DIR, value: /data/made }]
      volumeMounts: [{ name: data, mountPath: /data }]
  containers:
    - name: client
      image: proof.example/kubectl:v1
      command: [/kubectl, --server, 'http://server.proof', get, --raw, /health]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`;

onCluster('a cluster', () => {
  let cluster: KubernetesServer;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-kubernetes-spec-'));

  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const program = join(dirname(cluster.kubeconfig), 'bin', 'kubectl');
    return (await run(program, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout;
  };

  beforeAll(async () => {
    cluster = await startKubernetes();
  });

  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  test('is reached with the kubeconfig, which is for its owner only', async () => {
    expect(statSync(cluster.kubeconfig).mode & 0o777).toBe(0o600);
    expect(await kubectl('config', 'current-context')).toBe(`${cluster.context}\n`);
    const nodes = await kubectl(
      'get',
      'nodes',
      '--output',
      'jsonpath={.items[*].status.nodeInfo.kubeletVersion}',
    );
    expect(nodes).toBe('v1.35.4');
  });

  test('runs pods with volumes, that are reached by name in it and on 127.0.0.1 from here', async () => {
    for (const [name, program] of [
      ['server', 'coredns'],
      ['kubectl', 'kubernetes'],
    ] as const) {
      const archive = join(folder, `${name}.tar`);
      const path = name === 'kubectl' ? 'kubectl' : 'server';
      writeImageArchive(archive, {
        names: [`proof.example/${name}:v1`],
        programs: { [path]: programPath(program) },
        entrypoint: [`/${path}`],
      });
      await cluster.importImages(archive);
    }
    const manifest = join(folder, 'workload.yaml');
    writeFileSync(manifest, WORKLOAD);
    await kubectl('create', '--filename', manifest);
    await kubectl('wait', '--namespace=proof', '--for=condition=Ready', 'pod/server', '--timeout=120s');
    const succeeded = '--for=jsonpath={.status.phase}=Succeeded';
    await kubectl('wait', '--namespace=proof', succeeded, 'pod/client', '--timeout=120s');
    expect(await kubectl('logs', '--namespace=proof', 'client')).toBe('OK');

    const port = await kubectl(
      'get',
      '--namespace=proof',
      'service/server',
      '--output=jsonpath={.spec.ports[0].nodePort}',
    );
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    expect([response.status, await response.text()]).toEqual([200, 'OK']);

    await kubectl('exec', '--namespace=proof', 'server', '--', '/server', '-version');
    await kubectl('delete', '--namespace=proof', 'service/server');
    await expect(until(() => refuses(Number(port)))).resolves.toBeUndefined();
  });

  test('refuses a pod that the standard of its namespace forbids', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root', namespace: 'proof' },
      spec: {
        containers: [
          { name: 'root', image: 'proof.example/server:v1', securityContext: { privileged: true } },
        ],
      },
    };
    const manifest = join(folder, 'forbidden.json');
    writeFileSync(manifest, JSON.stringify(pod));
    await expect(kubectl('create', '--filename', manifest)).rejects.toThrow(
      /violates PodSecurity "baseline:latest": privileged/,
    );
  });

  test('leaves nothing when it is stopped', async () => {
    const run = dirname(cluster.kubeconfig);
    const pids = processesOf(run);
    expect(tracesOf(run, pids).length).toBeGreaterThan(10);
    expect(await networkTraces()).toEqual([]);
    await cluster.stop();
    await until(() => tracesOf(run, pids).length === 0);
  });
});

onCluster('a cluster whose starter is killed', () => {
  test('leaves nothing', async () => {
    const script = `require('@mlterra/testbed').startKubernetes().then((cluster) => console.log(cluster.kubeconfig))`;
    const starter = spawn(process.execPath, ['--eval', script], {
      cwd: __dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = (await once(starter.stdout, 'data')) as [Buffer];
    const folder = dirname(printed.toString().trim());
    const pids = processesOf(folder);
    expect(tracesOf(folder, pids).length).toBeGreaterThan(10);
    starter.kill('SIGKILL');
    await until(() => tracesOf(folder, pids).length === 0);
  });
});

/** Ids of the processes of a cluster; the first is the one that keeps it. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(folder))
    .sort((one, other) => Number(one) - Number(other));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** What there is of a cluster on this machine: folder, mounts, control groups and processes. */
function tracesOf(folder: string, pids: readonly string[]): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const hierarchies = ['', ...readdirSync('/sys/fs/cgroup')].map((name) => join('/sys/fs/cgroup', name));
  const groups = hierarchies.flatMap((hierarchy) => pids.map((pid) => join(hierarchy, `mlterra-k8s-${pid}`)));
  return [
    ...(existsSync(folder) ? [folder] : []),
    ...mounts.filter((line) => line.includes(folder)),
    ...groups.filter((path) => existsSync(path)),
    ...processesOf(folder),
  ];
}

/** Interfaces and rules that a node without a network of its own would leave here. */
async function networkTraces(): Promise<readonly string[]> {
  const rules = (await run('iptables-save')).stdout.split('\n').filter((line) => /KUBE-|CNI-/.test(line));
  return [...readdirSync('/sys/class/net').filter((name) => /^(cni|node)\d/.test(name)), ...rules];
}

/** By a connection of its own: one that is open stays open. */
function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(100);
}
