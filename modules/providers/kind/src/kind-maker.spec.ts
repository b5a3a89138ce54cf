import { defineEnvironment, localState } from '@mlterra/core';
import type { MadeCluster } from '@mlterra/kubernetes/local';
import { FakeCommands, resourcesOf, synthEnvironment } from '@mlterra/testing';
import { KindCluster, type KindClusterProps } from './index';
import { kindMaker } from './kind-maker';

const kubeconfig = { kubeconfig: '/made/up/config', context: 'kind-demo-dev' };

/** What the stack of a cluster hands to its provisioner. */
function made(props: KindClusterProps = {}): MadeCluster {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build: (stage) => {
      const cluster = new KindCluster(stage.stack('cluster'), 'cluster', props);
      cluster.run(stage.stack('tool'), 'mlflow', {
        containers: {
          server: {
            image: 'registry.example.org/demo:v1',
            command: ['demo'],
            ports: { http: { port: 8080, protocol: 'http' } },
          },
        },
      });
    },
  });
  const stack = synthEnvironment(environment)['dev/cluster']!;
  const { triggers_replace: desired } = resourcesOf(stack, 'terraform_data').cluster as unknown as {
    triggers_replace: { make: MadeCluster };
  };
  return desired.make;
}

describe('kindMaker', () => {
  let commands: FakeCommands;

  /** A kind that knows one cluster, `demo-dev`, once it was made. */
  beforeEach(() => {
    commands = new FakeCommands();
    commands.add(
      'kind',
      `case "$*" in
        version) echo 'kind v0.33.0 go1.25.0 linux/amd64' ;;
        'get clusters') cat "$folder/clusters" 2>/dev/null || echo 'No kind clusters found.' >&2 ;;
        'get nodes --name demo-dev') printf 'demo-dev-control-plane\\ndemo-dev-worker\\n' ;;
        'create cluster --name demo-dev '*) echo demo-dev > "$folder/clusters" ;;
        'delete cluster --name demo-dev '*) rm -f "$folder/clusters" ;;
        'export kubeconfig --name demo-dev --kubeconfig /made/up/config') ;;
        *) echo "unknown: $*" >&2; exit 1 ;;
      esac`,
    );
    commands.add('docker', 'exit 0');
  });
  afterEach(() => commands.remove());

  it('says in which container engine it makes clusters', () => {
    const names = ['KIND_EXPERIMENTAL_PROVIDER', 'DOCKER_HOST', 'CONTAINER_HOST'];
    const before = names.map((name) => [name, process.env[name]] as const);
    const where = (variables: Record<string, string>): string | undefined => {
      for (const name of names) delete process.env[name];
      Object.assign(process.env, variables);
      return kindMaker.targets!(made())['container engine of kind']!.value;
    };
    try {
      expect(where({ DOCKER_HOST: 'tcp://far:2375' })).toBe('docker at tcp://far:2375');
      expect(where({ KIND_EXPERIMENTAL_PROVIDER: 'podman', CONTAINER_HOST: 'ssh://far' })).toBe(
        'podman at ssh://far',
      );
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('makes a cluster by a configuration on standard input, with published ports on loopback', async () => {
    const cluster = made({
      nodes: 2,
      nodeImage: 'kindest/node:v1.35.0',
      publish: { 'mlflow.http': 30_520 },
      config: { networking: { disableDefaultCNI: true } },
    });
    expect(cluster.ports).toEqual([30_520]);
    await kindMaker.make(cluster, kubeconfig);
    const [{ line, input }] = commands.calls() as [{ line: string; input: string }];
    expect(line).toBe(
      'kind create cluster --name demo-dev --config - --wait 180s --kubeconfig /made/up/config',
    );
    expect(JSON.parse(input)).toEqual({
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      networking: { disableDefaultCNI: true },
      containerdConfigPatches: [expect.stringContaining('config_path = "/etc/containerd/certs.d"')],
      nodes: [
        {
          role: 'control-plane',
          image: 'kindest/node:v1.35.0',
          extraPortMappings: [
            { containerPort: 30_520, hostPort: 30_520, listenAddress: '127.0.0.1', protocol: 'TCP' },
          ],
        },
        { role: 'worker', image: 'kindest/node:v1.35.0' },
      ],
    });
  });

  it('finds a cluster, starts its nodes after a reboot, and removes it', async () => {
    const cluster = made();
    expect(await kindMaker.exists('demo-dev')).toBe(false);
    await kindMaker.make(cluster, kubeconfig);
    expect(await kindMaker.exists('demo-dev')).toBe(true);
    await kindMaker.start(cluster, kubeconfig);
    await kindMaker.remove(cluster, kubeconfig);
    expect(await kindMaker.exists('demo-dev')).toBe(false);
    expect(commands.lines()).toEqual(
      expect.arrayContaining([
        'docker start demo-dev-control-plane demo-dev-worker',
        'kind export kubeconfig --name demo-dev --kubeconfig /made/up/config',
        'kind delete cluster --name demo-dev --kubeconfig /made/up/config',
      ]),
    );
  });

  it('connects a registry as the documentation of kind has it', async () => {
    await kindMaker.make(made({ registryPort: 5001 }), kubeconfig);
    const [, , run, ...others] = commands.calls();
    expect(run!.line).toBe(
      'docker run --detach --restart=always --publish 127.0.0.1:5001:5000 --network kind --name demo-dev-registry docker.io/library/registry:3.0.0',
    );
    const folder = '/etc/containerd/certs.d/localhost:5001';
    expect(others.slice(0, 2).map(({ line, input }) => [line, input])).toEqual(
      ['demo-dev-control-plane', 'demo-dev-worker'].map((node) => [
        `docker exec --interactive ${node} sh -c mkdir -p ${folder} && cat > ${folder}/hosts.toml`,
        '[host."http://demo-dev-registry:5000"]',
      ]),
    );
    expect(JSON.parse(others[2]!.input)).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'local-registry-hosting', namespace: 'kube-public' },
    });
  });

  it('says where to get kind when there is none', async () => {
    const cluster = made();
    commands.without('kind');
    await expect(kindMaker.check(cluster)).rejects.toThrow(/There is no kind here[^]*kind\.sigs\.k8s\.io/);
  });

  it('says what kind says when there is no container engine', async () => {
    commands.add(
      'kind',
      `[ "$1" = version ] || { echo 'ERROR: failed to list clusters: Cannot connect to the Docker daemon' >&2; exit 1; }`,
    );
    await expect(kindMaker.check(made())).rejects.toThrow(
      /kind could not ask the container engine:\n.*Cannot connect to the Docker daemon[^]*docker info/,
    );
  });
});

describe('KindCluster', () => {
  it.each([
    ['a name', { name: 'Demo_1' }, /cluster: "Demo_1" is no name for a cluster/],
    ['no nodes', { nodes: 0 }, /cannot have 0 nodes/],
    ['a port below those of nodes', { publish: { 'mlflow.http': 5500 } }, /from 30000 to 32767/],
    ['a port of nobody', { publish: { 'mlflw.http': 30_500 } }, /"mlflw\.http" is published[^]*mlflow\.http/],
  ])('refuses %s that cannot be', (_, props, message) => {
    expect(() => made(props as KindClusterProps)).toThrow(message);
  });
});
