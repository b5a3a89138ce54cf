import {
  exportOutputs,
  MountPath,
  Secret,
  type Container,
  type Principal,
  type Workload,
} from '@mlterra/core';
import { resourcesOf, synthEnvironment, type StackJson } from '@mlterra/testing';
import { DataResource } from 'cdktf';
import { KubernetesRenderer } from './index';
import { exampleAccess, exampleEnvironment } from './testing/example';
import { objects, type ObjectJson } from './testing/objects';
import { runSample, synthSample } from './testing/sample-workload';

const container: Container = { image: 'registry.example.org/demo:v1', command: ['demo'] };

function run(workload: Partial<Workload>): StackJson {
  const environment = exampleEnvironment((stack, renderer) => {
    renderer.run(stack, 'Demo', { containers: { server: container }, ...workload });
  });
  return synthEnvironment(environment)['dev/tool']!;
}

function runContainer(changes: Partial<Container>): StackJson {
  return run({ containers: { server: { ...container, ...changes } } });
}

describe('KubernetesRenderer', () => {
  it('makes one release per stack, and tells other stacks where things are', () => {
    expect(
      synthEnvironment(exampleEnvironment((stack, renderer) => runSample(stack, renderer))),
    ).toMatchSnapshot();
  });

  it('keeps secrets out of the values', () => {
    const { kubernetes_values: values, kubernetes_secrets: secrets } = (
      synthSample() as unknown as { locals: Record<string, unknown> }
    ).locals;
    expect(JSON.stringify(values)).not.toContain('random_password');
    expect(JSON.stringify(secrets)).toContain('${sensitive(random_password.');
  });

  it('gives replicas a budget, and spreads them', () => {
    const one = synthSample();
    expect(objects(one, 'PodDisruptionBudget')).toEqual([]);
    const three = synthSample({}, { replicas: 3 });
    expect(objects(three, 'Deployment')[0]!.spec.replicas).toBe(3);
    expect(objects(three, 'PodDisruptionBudget')[0]!.spec.maxUnavailable).toBe(1);
    expect(objects(three, 'Deployment')[0]!.spec.template.spec.topologySpreadConstraints).toHaveLength(2);
  });

  it.each([
    ['development', undefined, ['Ingress'], {}],
    [
      'production',
      'production' as const,
      ['Ingress', 'Egress'],
      { matchLabels: { 'mlterra.dev/environment': 'demo', 'mlterra.dev/stage': 'dev' } },
    ],
  ])(
    'lets in by default nobody, and to declared ports who the profile %s says',
    (_, profile, policyTypes, from) => {
      const [denied, allowed] = objects(synthSample({}, { profile }), 'NetworkPolicy');
      expect(denied!.spec).toEqual({ podSelector: {}, policyTypes });
      expect(allowed!.spec.ingress).toEqual([
        {
          from: [{ namespaceSelector: from }],
          ports: [
            { port: 8080, protocol: 'TCP' },
            { port: 9090, protocol: 'TCP' },
          ],
        },
      ]);
    },
  );

  it('makes no way in for a workload without ports', () => {
    const stack = run({});
    expect(objects(stack, 'Service')).toEqual([]);
    expect(objects(stack, 'NetworkPolicy').map(({ metadata }) => metadata.name)).toEqual(['default-deny']);
  });

  it('waits as long as the slowest start of all replicas may take', () => {
    const timeout = (stack: StackJson): unknown => resourcesOf(stack, 'helm_release').kubernetes!.timeout;
    expect(timeout(synthSample())).toBe(600 + 180);
    expect(timeout(synthSample({}, { replicas: 3 }))).toBe(600 + 3 * 180);
  });

  it('keeps volumes, and their namespace with them, and replaces the pod that has them', () => {
    const stack = runContainer({ volumes: { '/data': { name: 'data', sizeGiB: 20 } } });
    const keep = { 'helm.sh/resource-policy': 'keep' };
    const [claim] = objects(stack, 'PersistentVolumeClaim');
    expect(claim!.metadata).toMatchObject({ name: 'demo-data', annotations: keep });
    expect(claim!.spec.resources.requests.storage).toBe('20Gi');
    expect(objects(stack, 'Namespace')[0]!.metadata.annotations).toEqual(keep);
    const [{ spec }] = objects(stack, 'Deployment') as [ObjectJson];
    expect(spec.strategy).toEqual({ type: 'Recreate' });
    expect(spec.template.spec.volumes).toContainEqual({
      name: 'data-data',
      persistentVolumeClaim: { claimName: 'demo-data' },
    });
    expect(objects(run({}), 'Namespace')[0]!.metadata.annotations).toBeUndefined();
  });

  it('runs as the identity it is given, known to the cloud by its service account', () => {
    const principals: (Principal | undefined)[] = [];
    const environment = exampleEnvironment(
      (stack, renderer) => {
        const identity = renderer.addIdentity(stack, 'Robot');
        principals.push(identity.principal);
        renderer.run(stack, 'Demo', { identity, containers: { server: container } });
      },
      'development',
      {
        memberOf: (namespace, serviceAccount) => ({
          cloud: 'sky',
          member: `${namespace}/${serviceAccount}`,
        }),
      },
    );
    const stack = synthEnvironment(environment)['dev/tool']!;
    expect(principals).toEqual([{ cloud: 'sky', member: 'dev-tool/robot' }]);
    expect(objects(stack, 'ServiceAccount').map(({ metadata }) => metadata.name)).toEqual(['robot']);
    expect(objects(stack, 'Deployment')[0]!.spec.template.spec.serviceAccountName).toBe('robot');
  });

  it('names the Service by all the names that clients have for it', () => {
    let headers: readonly string[] = [];
    const stack = run({
      containers: { server: { ...container, ports: { http: { port: 8080, protocol: 'http' } } } },
    });
    const port = { name: 'server.http', port: 8080 };
    synthEnvironment(
      exampleEnvironment((scope, renderer) => (headers = renderer.hostHeaders(scope, 'Demo', port))),
    );
    expect(headers).toEqual([
      'demo.dev-tool.svc:8080',
      'demo.dev-tool.svc.cluster.local:8080',
      'demo.dev-tool:8080',
      'demo:8080',
      'localhost:8080',
    ]);
    expect(objects(stack, 'Service')[0]!.metadata.name).toBe('demo');
    expect(stack.output!.Demo_server_http_host!.value).toBe('demo.dev-tool.svc');
  });

  it('waits for what it depends on in its own stack, and for nothing in others', () => {
    const environment = exampleEnvironment((stack) => {
      const nodes = new DataResource(stack, 'nodes', { input: {} });
      const elsewhere = new DataResource(stack.node.root.node.findChild('dev-cluster'), 'other', {
        input: {},
      });
      new KubernetesRenderer({ access: exampleAccess(stack), dependsOn: [nodes, elsewhere] }).run(
        stack,
        'Demo',
        {
          containers: { server: container },
        },
      );
    });
    const stack = synthEnvironment(environment)['dev/tool']!;
    expect(resourcesOf(stack, 'helm_release').kubernetes!.depends_on).toEqual(['terraform_data.nodes']);
  });

  it('shortens names that Kubernetes would refuse, and keeps them apart', () => {
    const name = (id: string): string => {
      const environment = exampleEnvironment((stack, renderer) => {
        renderer.run(stack, id, { containers: { server: container } });
      });
      return objects(synthEnvironment(environment)['dev/tool']!, 'Deployment')[0]!.metadata.name;
    };
    const [one, other] = [name(`${'a'.repeat(80)}-one`), name(`${'a'.repeat(80)}-two`)];
    expect(one).toMatch(/^[a-z](?:[a-z0-9-]{0,50}[a-z0-9])$/);
    expect(one).not.toBe(other);
    expect(name('1st Server')).toBe('x-1st-server');
  });

  it.each<[string, Partial<Container>, string]>([
    ['an image without a tag', { image: 'registry.example.org:5000/demo' }, 'names no release.'],
    [
      'the image latest',
      { image: 'demo:latest' },
      'the image "demo:latest" of the container "server" names no release.',
    ],
    [
      'what no platform runs',
      { variables: { FILE: new MountPath('/no') } },
      'refers to the mount path /no, which it does not have.',
    ],
    [
      'a file at no absolute path',
      { files: { 'a.txt': '' } },
      'nothing can be mounted at "a.txt" in the container "server".',
    ],
    ['a file that climbs', { files: { '/etc/../a': '' } }, 'nothing can be mounted at "/etc/../a"'],
    [
      'a name that ports cannot have',
      { ports: { Http_: { port: 8080, protocol: 'http' } } },
      '"Http_" cannot name a port',
    ],
    [
      'a port of root',
      { ports: { http: { port: 80, protocol: 'http' } } },
      'the container "server" cannot listen on port 80.',
    ],
    [
      'two ports of one number',
      { ports: { one: { port: 8080, protocol: 'http' }, two: { port: 8080, protocol: 'http' } } },
      'the port "two" (8080) of the container "server" has the name or number of another port',
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(() => runContainer(changes)).toThrow(message);
    expect(() => runContainer(changes)).toThrow(/^dev-tool\/Demo: /);
  });

  it.each(['a', 'http', 'http-2', '1a', 'a'.repeat(15)])('takes a port named %j, from 1024 on', (name) => {
    const ports = { [name]: { port: 1024, protocol: 'tcp' } } as const;
    expect(objects(runContainer({ ports }), 'Service')[0]!.spec.ports).toMatchObject([{ name, port: 1024 }]);
  });

  it.each(['', '80', '-a', 'a-', 'a--b', 'A', 'a_b', 'a'.repeat(16), ' a', '1-2'])(
    'refuses a port named %j',
    (name) => {
      const ports = {
        good: { port: 8080, protocol: 'tcp' },
        [name]: { port: 8081, protocol: 'tcp' },
      } as const;
      expect(() => runContainer({ ports })).toThrow(
        `${JSON.stringify(name)} cannot name a port of the container "server".`,
      );
    },
  );

  it('refuses an identity of another stack of the same cluster', () => {
    const environment = exampleEnvironment((stack, renderer) => {
      const identity = renderer.addIdentity(stack.node.root.node.findChild('dev-cluster'), 'Robot');
      renderer.run(stack, 'Demo', { identity, containers: { server: container } });
    });
    expect(() => synthEnvironment(environment)).toThrow(/^dev-tool\/Demo: it cannot run as "cluster-robot"/);
  });

  it('takes an image by digest', () => {
    const image = `registry.example.org/demo@sha256:${'0'.repeat(64)}`;
    expect(objects(runContainer({ image }), 'Deployment')[0]!.spec.template.spec.containers[0].image).toBe(
      image,
    );
  });

  it('leaves the command to the image where there is none', () => {
    const { containers } = objects(runContainer({ command: [] }), 'Deployment')[0]!.spec.template.spec;
    expect(containers[0]).not.toHaveProperty('command');
  });

  it('refuses replicas that share a volume', () => {
    const volumes = { '/data': { name: 'data', sizeGiB: 1 } };
    expect(() => run({ replicas: 2, containers: { server: { ...container, volumes } } })).toThrow(
      'dev-tool/Demo: 2 replicas cannot share its volumes.',
    );
  });

  it('refuses two things of one name', () => {
    expect(() =>
      exampleBuild((stack, renderer) => {
        renderer.run(stack, 'my-demo', { containers: { server: container } });
        renderer.run(stack, 'MyDemo', { containers: { server: container } });
      }),
    ).toThrow('dev-tool/MyDemo/Resource: the stack already has a ServiceAccount named "my-demo".');
  });

  it('refuses an identity of another stack, and a second cluster in one stack', () => {
    expect(() => run({ identity: { scope: undefined as never, name: 'stranger' } })).toThrow(
      'dev-tool/Demo: it cannot run as "stranger"',
    );
    expect(() =>
      exampleBuild((stack, renderer) => {
        renderer.generateSecret(stack, 'Key');
        const { endpoint } = exportOutputs(stack, { endpoint: 'https://192.0.2.2' });
        const access = { endpoint, caCertificate: endpoint, exec: { command: 'token', args: [] } };
        new KubernetesRenderer({ access }).generateSecret(stack, 'Other');
      }),
    ).toThrow('dev-tool: its stack already runs things on another cluster.');
  });

  it('refuses a secret whose value its platform keeps to itself', () => {
    expect(() =>
      exampleBuild((stack, renderer) => {
        const { reference } = exportOutputs(stack, { reference: 'secrets/elsewhere' });
        const variables = { KEY: new Secret(reference) };
        renderer.run(stack, 'Demo', { containers: { server: { ...container, variables } } });
      }),
    ).toThrow('dev-tool/Demo needs the value of a secret that its platform keeps to itself.');
  });
});

function exampleBuild(build: Parameters<typeof exampleEnvironment>[0]): void {
  synthEnvironment(exampleEnvironment(build));
}
