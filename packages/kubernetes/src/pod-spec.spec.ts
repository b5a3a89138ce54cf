import { text, type Container, type Secret } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';

const image = 'registry.example.org/demo:v1';
const plain: Container = { image, command: ['demo'] };
const withVolume = (name = 'data', mount = '/data'): Partial<Container> => ({
  volumes: { [mount]: { name, sizeGiB: 5 } },
});

function template(containers: (secret: Secret) => Readonly<Record<string, Container>>) {
  const environment = exampleEnvironment((stack, renderer) => {
    const secret = renderer.generateSecret(stack, 'Password');
    renderer.run(stack, 'Demo', { containers: containers(secret) });
  });
  return objects(synthEnvironment(environment)['dev/tool']!, 'Deployment')[0]!.spec.template;
}
const pod = (containers: Readonly<Record<string, Container>>) => template(() => containers).spec;

describe('the group of the volumes of a pod', () => {
  it.each<[string, Readonly<Record<string, Container>>, object]>([
    [
      'is that of the second container, where that one has them',
      {
        proxy: { ...plain, userId: 2000 },
        server: { ...plain, userId: 3000, ...withVolume() },
        helper: { ...plain, userId: 4000 },
      },
      { fsGroup: 3000, fsGroupChangePolicy: 'OnRootMismatch' },
    ],
    [
      'is that of the first who has any, not of one who has none by name',
      {
        proxy: { ...plain, userId: 2000, volumes: {} },
        server: { ...plain, userId: 3000, ...withVolume() },
        copier: { ...plain, userId: 4000, ...withVolume('more', '/more') },
      },
      { fsGroup: 3000, fsGroupChangePolicy: 'OnRootMismatch' },
    ],
    [
      'is the default user’s, where the container with volumes names none',
      { proxy: { ...plain, userId: 2000 }, server: { ...plain, ...withVolume() } },
      { fsGroup: 65532, fsGroupChangePolicy: 'OnRootMismatch' },
    ],
    [
      'is the first container’s where no container has volumes, whose files are read by it',
      { server: { ...plain, userId: 2000 }, helper: { ...plain, userId: 3000 } },
      { fsGroup: 2000 },
    ],
    ['is the default user’s where nobody says another', { server: plain }, { fsGroup: 65532 }],
  ])('%s', (_, containers, expected) => {
    const { fsGroup, fsGroupChangePolicy } = pod(containers).securityContext;
    expect({ fsGroup, ...(fsGroupChangePolicy === undefined ? {} : { fsGroupChangePolicy }) }).toEqual(
      expected,
    );
  });
});

describe('a pod', () => {
  it('runs as nobody who may do anything, each container as its own user', () => {
    const { securityContext, containers, ...others } = pod({
      server: { ...plain, userId: 3000 },
      helper: plain,
    });
    expect(securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 3000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const hardened = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    };
    expect(containers.map((each: { securityContext: object }) => each.securityContext)).toEqual([
      { ...hardened, runAsUser: 3000, runAsGroup: 3000 },
      hardened,
    ]);
    expect(others).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  it('has the volumes that any container mounts, each once: temporary ones, texts, data', () => {
    const { spec } = template((secret) => ({
      server: {
        ...plain,
        files: { '/etc/demo/plain': 'plain', '/etc/demo/secret': text`secret=${secret}` },
        volumes: { '/data': { name: 'data', sizeGiB: 5 }, '/more': { name: 'more', sizeGiB: 5 } },
      },
      helper: { ...plain, ...withVolume('data', '/tmp') },
    }));
    expect(spec.volumes).toEqual([
      { name: 'tmp-server', emptyDir: {} },
      { name: 'config', configMap: { name: 'demo', defaultMode: 0o440 } },
      { name: 'secret', secret: { secretName: 'demo', defaultMode: 0o440 } },
      { name: 'data-data', persistentVolumeClaim: { claimName: 'demo-data' } },
      { name: 'data-more', persistentVolumeClaim: { claimName: 'demo-more' } },
    ]);
    const mounts = spec.containers.map(
      ({ volumeMounts }: { volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[] }) =>
        volumeMounts.map(({ name, mountPath, readOnly }) => `${name} ${mountPath} ${readOnly === true}`),
    );
    expect(mounts).toEqual([
      [
        'tmp-server /tmp false',
        'data-data /data false',
        'data-more /more false',
        'config /etc/demo/plain true',
        'secret /etc/demo/secret true',
      ],
      ['data-data /tmp false'],
    ]);
  });

  it('with secrets in variables only has no volume for them', () => {
    const { spec } = template((secret) => ({ server: { ...plain, variables: { PASSWORD: secret } } }));
    expect(spec.volumes).toEqual([{ name: 'tmp-server', emptyDir: {} }]);
  });

  it('is made again with its texts, and stays where it has none', () => {
    const annotations = (containers: Parameters<typeof template>[0]): unknown =>
      template(containers).metadata.annotations;
    expect(annotations(() => ({ server: plain }))).toBeUndefined();
    const data = { 'mlterra.dev/data': 'demo' };
    expect(annotations(() => ({ server: { ...plain, files: { '/etc/a': 'plain' } } }))).toEqual(data);
    expect(
      annotations((secret) => ({ server: { ...plain, variables: { PASSWORD: secret } }, helper: plain })),
    ).toEqual(data);
  });

  it('gets for a container that asks for nothing a little of the machine, and never more memory than it asks for', () => {
    const { containers } = pod({
      server: { ...plain, resources: { cpuMillis: 250, memoryMiB: 512 } },
      helper: plain,
    });
    expect(containers.map((each: { resources: object }) => each.resources)).toEqual([
      { requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '512Mi' } },
      { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
    ]);
  });

  it('has its home in the folder it may write to, unless a variable says another', () => {
    const home = (container: Container): unknown => pod({ server: container }).containers[0].env;
    expect(home(plain)).toEqual([{ name: 'HOME', value: '/tmp' }]);
    expect(home({ ...plain, variables: { HOME: '/data' } })).toEqual([{ name: 'HOME', value: '/data' }]);
  });
});

describe('the probes of a container', () => {
  const probes = (probe: Container['probe']) => {
    const [{ startupProbe, readinessProbe, livenessProbe }] = pod({
      server: { ...plain, ports: { http: { port: 8080, protocol: 'http' } }, probe },
    }).containers;
    return { startupProbe, readinessProbe, livenessProbe };
  };

  it.each<[string, NonNullable<Container['probe']>, object, number]>([
    ['a page', { port: 'http', httpPath: '/health' }, { httpGet: { port: 'http', path: '/health' } }, 24],
    ['a port', { port: 'http', startSeconds: 61 }, { tcpSocket: { port: 'http' } }, 13],
    ['a program', { command: ['check', 'it'], startSeconds: 60 }, { exec: { command: ['check', 'it'] } }, 12],
  ])('ask %s whether it has started, is ready, and hangs', (_, probe, question, failureThreshold) => {
    const asked = { ...question, timeoutSeconds: 5 };
    expect(probes(probe)).toEqual({
      startupProbe: { ...asked, periodSeconds: 5, failureThreshold },
      readinessProbe: { ...asked, periodSeconds: 10, failureThreshold: 3 },
      livenessProbe: { ...asked, periodSeconds: 20, failureThreshold: 3 },
    });
  });

  it('are none where it has none', () => {
    expect(probes(undefined)).toEqual({});
  });
});
