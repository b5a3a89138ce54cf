import { Stack, defineEnvironment, localState } from '@mlterra/core';
import type { MadeCluster } from '@mlterra/kubernetes/local';
import { FakeCommands, resourcesOf, synthEnvironment } from '@mlterra/testing';
import { MinikubeCluster, type MinikubeClusterProps } from './index';
import { minikubeMaker } from './minikube-maker';

const kubeconfig = { kubeconfig: '/made/up/config', context: 'demo-dev' };

/** What the stack of a cluster hands to its provisioner. */
function made(props: MinikubeClusterProps = {}): MadeCluster {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build: (stage) => {
      const cluster = new MinikubeCluster(stage.stack('cluster'), 'cluster', props);
      const ports = { http: { port: 8080, protocol: 'http' } } as const;
      const server = { image: 'registry.example.org/demo:v1', command: ['demo'], ports };
      cluster.run(stage.stack('tool'), 'mlflow', { containers: { server } });
      expect(Stack.ofConstruct(cluster).hooks).toEqual([
        expect.objectContaining({ module: '@mlterra/minikube/hooks' }),
      ]);
    },
  });
  const stack = synthEnvironment(environment)['dev/cluster']!;
  const { triggers_replace: desired } = resourcesOf(stack, 'terraform_data').cluster as unknown as {
    triggers_replace: { make: MadeCluster };
  };
  return desired.make;
}

describe('minikubeMaker', () => {
  let commands: FakeCommands;

  /** A minikube that takes the documented flags only, and knows the profile `demo-dev` once it was started. */
  beforeEach(() => {
    commands = new FakeCommands();
    commands.add(
      'minikube',
      `for flag in "$@"; do
        case "$flag" in
          --profile=demo-dev|--interactive=false|--wait=all|--driver=docker|--driver=podman) ;;
          --nodes=*|--kubernetes-version=v*|--cpus=*|--memory=*m|--cni=*|--addons=*|--ports=127.0.0.1:*) ;;
          --short|--light|--output=json) ;;
          -*) echo "unknown flag: $flag" >&2; exit 80 ;;
        esac
      done
      case "$1" in
        version) echo v1.38.0 ;;
        start) echo "$KUBECONFIG" > "$folder/profile" ;;
        update-context) ;;
        delete) rm -f "$folder/profile" ;;
        profile)
          if [ -f "$folder/profile" ]; then echo '{"invalid":[],"valid":[{"Name":"demo-dev","Status":"OK"}]}'
          else echo '{"invalid":null,"valid":null}'; exit 14; fi ;;
        *) exit 64 ;;
      esac`,
    );
  });
  afterEach(() => commands.remove());

  it('says in which container engine it makes clusters, and where it keeps them', () => {
    const names = ['MINIKUBE_HOME', 'DOCKER_HOST', 'CONTAINER_HOST'];
    const before = names.map((name) => [name, process.env[name]] as const);
    const where = (variables: Record<string, string>, props: MinikubeClusterProps = {}) => {
      for (const name of names) delete process.env[name];
      Object.assign(process.env, variables);
      return Object.values(minikubeMaker.targets!(made(props))).map(({ value }) => value);
    };
    try {
      expect(where({ DOCKER_HOST: 'tcp://far:2375' })).toEqual(['docker at tcp://far:2375', '~/.minikube']);
      expect(where({ DOCKER_HOST: 'tcp://far:2375', MINIKUBE_HOME: '/srv' }, { driver: 'podman' })).toEqual([
        'podman',
        '/srv',
      ]);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('makes a profile with published ports on loopback', async () => {
    const cluster = made({
      publish: { 'mlflow.http': 30_530 },
      nodes: 2,
      kubernetesVersion: 'v1.35.0',
      cpus: 2,
      memoryMiB: 4096,
      cni: 'calico',
      addons: ['registry'],
    });
    await minikubeMaker.make(cluster, kubeconfig);
    expect(commands.lines()).toEqual([
      'minikube start --profile=demo-dev --interactive=false --wait=all --driver=docker --nodes=2 ' +
        '--kubernetes-version=v1.35.0 --cpus=2 --memory=4096m --cni=calico --addons=registry ' +
        '--ports=127.0.0.1:30530:30530',
    ]);
  });

  it('finds a profile, starts it again as it was made, and removes it', async () => {
    const cluster = made();
    expect(await minikubeMaker.exists('demo-dev')).toBe(false);
    await minikubeMaker.make(cluster, kubeconfig);
    expect(await minikubeMaker.exists('demo-dev')).toBe(true);
    await minikubeMaker.start(cluster, kubeconfig);
    await minikubeMaker.remove(cluster, kubeconfig);
    expect(await minikubeMaker.exists('demo-dev')).toBe(false);
    expect(commands.lines()).toEqual(
      expect.arrayContaining([
        'minikube start --profile=demo-dev --interactive=false --wait=all',
        'minikube update-context --profile=demo-dev',
        'minikube delete --profile=demo-dev',
      ]),
    );
  });

  it('says where to get minikube when there is none', async () => {
    const cluster = made();
    commands.without('minikube');
    await expect(minikubeMaker.check(cluster)).rejects.toThrow(
      /There is no minikube here[^]*minikube\.sigs\.k8s\.io/,
    );
  });

  it('shows what minikube says when it fails', async () => {
    commands.add('minikube', `echo 'X Exiting due to PROVIDER_DOCKER_NOT_RUNNING' >&2; exit 69`);
    await expect(minikubeMaker.make(made(), kubeconfig)).rejects.toThrow(
      /minikube could not make the cluster "demo-dev":\n.*PROVIDER_DOCKER_NOT_RUNNING[^]*minikube logs/,
    );
  });
});
