import { defineEnvironment, exportOutputs, localState, type ProfileName } from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { RecordingHost, synthEnvironment, synthStack } from '@mlterra/testing';
import { NfsDriver, type NfsDriverProps } from './nfs-driver';
import { NfsStorageClass, type NfsStorageClassProps } from './nfs-storage-class';

interface Given {
  readonly profile?: ProfileName;
  readonly driver?: Partial<NfsDriverProps>;
  readonly storageClass?: Partial<NfsStorageClassProps>;
}

function synth({ profile = 'development', ...given }: Given = {}) {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const { context } = exportOutputs(stage.stack('cluster'), { context: 'demo' });
      const platform = new KubernetesRenderer({ access: { kubeconfig: '~/.kube/config', context } });
      const driver = new NfsDriver(stage.stack('nfs-driver'), 'nfs-driver', { platform, ...given.driver });
      const props = { driver, server: 'nfs.example.org', share: '/exports/ml', ...given.storageClass };
      new NfsStorageClass(stage.stack('storage'), 'nfs', props);
    },
  });
  const stacks = synthEnvironment(environment);
  const values = (stack: string) => (stacks[`dev/${stack}`] as ReturnType<typeof JSON.parse>).locals;
  const objects = values('storage').kubernetes_values.objects as ReturnType<typeof JSON.parse>[];
  return { stacks, values, storageClass: objects.find(({ kind }) => kind === 'StorageClass') };
}

describe('NfsDriver', () => {
  it('is a chart in a namespace of its own, with a class after it', () => {
    expect(synth().stacks).toMatchSnapshot();
  });

  it('has two controllers where the profile asks for high availability', () => {
    const replicas = (profile: ProfileName) =>
      /"?replicas"?: ?(\d)/.exec(
        JSON.stringify(synth({ profile }).values('nfs-driver')).replace(/\\"/g, '"'),
      )?.[1];
    expect([replicas('development'), replicas('production')]).toEqual(['1', '2']);
  });

  it('takes other values of the chart', () => {
    const { values } = synth({
      driver: { values: { controller: { logLevel: 2 } }, kubeletFolder: '/var/snap/kubelet' },
    });
    expect(JSON.stringify(values('nfs-driver'))).toMatch(/logLevel[^}]*2/);
    expect(JSON.stringify(values('nfs-driver'))).toContain('/var/snap/kubelet');
  });

  it('does not run without a cluster', () => {
    const make = () => synthStack((scope) => new NfsDriver(scope, 'nfs', { platform: new RecordingHost() }));
    expect(make).toThrow('dev-main/nfs: the NFS driver does not run on a platform of the kind "host".');
  });
});

describe('NfsStorageClass', () => {
  it('keeps what is on a volume whose claim is deleted, and writes that wait', () => {
    const { storageClass } = synth();
    expect(storageClass.reclaimPolicy).toBe('Retain');
    expect(storageClass.mountOptions).toContain('hard');
    expect(storageClass.metadata.name).toBe('nfs-demo-dev');
  });

  it('is what it is told to be', () => {
    const { storageClass } = synth({
      storageClass: {
        className: 'shared',
        isDefault: true,
        reclaimPolicy: 'Delete',
        mountOptions: ['nfsvers=3', 'soft'],
        server: '2001:db8::1',
        share: '/',
      },
    });
    expect(storageClass).toMatchObject({
      metadata: { name: 'shared', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      reclaimPolicy: 'Delete',
      mountOptions: ['nfsvers=3', 'soft'],
      parameters: { server: '2001:db8::1', share: '/' },
    });
    expect(synth().storageClass.metadata.annotations).toEqual({
      'storageclass.kubernetes.io/is-default-class': 'false',
    });
  });

  it("leaves the driver's own variables to the driver", () => {
    expect(synth().storageClass.parameters.subDir).toBe(
      '$${pvc.metadata.namespace}/$${pvc.metadata.name}/$${pv.metadata.name}',
    );
  });

  it.each<[string, Partial<NfsStorageClassProps>, string]>([
    ['a URL', { server: 'nfs://nas' }, '"nfs://nas" names no NFS server.'],
    ['a relative folder', { share: 'exports' }, '"exports" is no folder that a server can export.'],
    ['a folder above', { share: '/exports/../etc' }, '"/exports/../etc" is no folder'],
    ['a name with capitals', { className: 'Shared' }, 'a StorageClass cannot be named "Shared".'],
    ['no server', { server: '' }, '"" names no NFS server.'],
    ['a folder with a space', { share: '/exports/my data' }, 'is no folder that a server can export.'],
    ['a folder that ends in a slash', { share: '/exports/' }, 'is no folder that a server can export.'],
    [
      'an option among others that is none',
      { mountOptions: ['nfsvers=4.1', 'hard', 'no suid'] },
      '"no suid" is no option of a mount.',
    ],
    ['options in one text', { mountOptions: ['hard,nosuid'] }, '"hard,nosuid" is no option of a mount.'],
  ])('refuses %s', (_, storageClass, message) => {
    expect(() => synth({ storageClass })).toThrow(message);
  });
});
