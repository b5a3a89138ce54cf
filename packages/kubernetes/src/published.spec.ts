import { Publisher, type Container } from '@mlterra/core';
import { resourcesOf, synthEnvironment } from '@mlterra/testing';
import { KubernetesRenderer, NODE_PORTS } from './index';
import { exampleAccess, exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';
import { runSample } from './testing/sample-workload';

const server: Container = {
  image: 'registry.example.org/demo:v1',
  command: ['demo'],
  ports: { http: { port: 8080, protocol: 'http' }, metrics: { port: 9090, protocol: 'http' } },
};

function publish(ports: Record<string, number>) {
  let headers: readonly string[] = [];
  const outside: Record<string, unknown> = {};
  const environment = exampleEnvironment((stack) => {
    const publisher = new Publisher(stack, ports, { range: NODE_PORTS });
    const renderer = new KubernetesRenderer({ access: exampleAccess(stack), publisher });
    headers = renderer.hostHeaders(stack, 'Demo', { name: 'server.http', port: 8080 });
    const { endpoints } = renderer.run(stack, 'Demo', { containers: { server } });
    for (const [name, { outsideUrl }] of Object.entries(endpoints))
      outside[name] = outsideUrl?.parts.join('');
  }, 'production');
  return { stack: synthEnvironment(environment)['dev/tool']!, headers, outside };
}

describe('a published port', () => {
  it('is that of a Service of its own, beside the one of the cluster', () => {
    const [inside, published, ...others] = objects(publish({ 'demo.http': 30_510 }).stack, 'Service');
    expect(others).toEqual([]);
    expect([inside!.spec.type, inside!.spec.ports.length]).toEqual(['ClusterIP', 2]);
    expect(published!.metadata.name).toBe('demo-published');
    expect(published!.spec.type).toBe('NodePort');
    expect(published!.spec.ports).toEqual([expect.objectContaining({ port: 8080, nodePort: 30_510 })]);
  });

  it('lets in what comes from nodes, to this port only', () => {
    const { stack } = publish({ 'demo.http': 30_510 });
    expect(objects(stack, 'NetworkPolicy')[1]!.spec.ingress[1]).toEqual({
      ports: [{ port: 8080, protocol: 'TCP' }],
    });
  });

  it('is told to servers and to people', () => {
    const { headers, outside } = publish({ 'demo.http': 30_510 });
    expect(headers.slice(-2)).toEqual(['localhost:30510', '127.0.0.1:30510']);
    expect(outside).toEqual({ 'server.http': 'http://localhost:30510', 'server.metrics': undefined });
  });

  it('must be that of a workload', () => {
    expect(() => publish({ 'demo.htttp': 30_510 })).toThrow(/"demo\.htttp" is published[^]*demo\.http/);
  });
});

describe('a cluster with several environments', () => {
  it('has the environment in its namespaces, and volumes of the class that is wanted', () => {
    const environment = exampleEnvironment(
      (stack, renderer) => runSample(stack, renderer, { volumes: { '/data': { name: 'data', sizeGiB: 1 } } }),
      'development',
      { exclusive: false, storageClass: 'fast' },
    );
    const stack = synthEnvironment(environment)['dev/tool']!;
    expect(objects(stack, 'Namespace')[0]!.metadata.name).toBe('demo-dev-tool');
    expect(resourcesOf(stack, 'helm_release').kubernetes!.name).toBe('demo-dev-tool');
    expect(objects(stack, 'PersistentVolumeClaim')[0]!.spec.storageClassName).toBe('fast');
  });

  it('has a volume of another class where the volume says so', () => {
    const volume = { name: 'data', sizeGiB: 1, storageClass: 'nfs' };
    const environment = exampleEnvironment(
      (stack, renderer) => runSample(stack, renderer, { volumes: { '/data': volume } }),
      'development',
      { storageClass: 'fast' },
    );
    const stack = synthEnvironment(environment)['dev/tool']!;
    expect(objects(stack, 'PersistentVolumeClaim')[0]!.spec.storageClassName).toBe('nfs');
  });
});

describe('a user of its own', () => {
  it('has the volumes', () => {
    const environment = exampleEnvironment((stack, renderer) =>
      runSample(stack, renderer, { userId: 999, volumes: { '/data': { name: 'data', sizeGiB: 1 } } }),
    );
    const { spec } = objects(synthEnvironment(environment)['dev/tool']!, 'Deployment')[0]!.spec.template;
    expect(spec.securityContext).toMatchObject({ fsGroup: 999, fsGroupChangePolicy: 'OnRootMismatch' });
    expect(spec.containers[0].securityContext).toMatchObject({ runAsUser: 999, runAsGroup: 999 });
  });
});
