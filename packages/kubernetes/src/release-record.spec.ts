import { gzipSync } from 'node:zlib';
import { chartWorkloads } from './release-record';

const record = (manifest: string): object => {
  const zipped = gzipSync(JSON.stringify({ manifest })).toString('base64');
  return { metadata: { name: 'sh.helm.release.v1.redis.v2' }, data: { release: btoa(zipped) } };
};
const object = (kind: string, name: string, more = ''): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;

function workloads(items: readonly object[] | undefined, asked: string[] = []) {
  const api = {
    get: <T>(path: string) => {
      asked.push(path);
      return Promise.resolve((items && { items }) as T | undefined);
    },
  };
  return chartWorkloads(api, 'tool', 'redis');
}

describe('the programs of a chart', () => {
  it('are those of all kinds in the manifest of its release, in the namespaces it names', async () => {
    const manifest = [
      '# Source: redis/templates/one.yaml\n' + object('Deployment', 'one'),
      object('StatefulSet', 'two', '  namespace: other\n'),
      object('DaemonSet', 'three', 'spec:\n  kind: Service\n'),
      object('Service', 'four'),
      object('Job', 'five', 'spec:\n  kind: Deployment\n'),
      object('Deployments', 'six'),
      '',
    ].join('---\n');
    const asked: string[] = [];
    expect(await workloads([record(manifest)], asked)).toEqual([
      { kind: 'Deployment', namespace: 'tool', name: 'one' },
      { kind: 'StatefulSet', namespace: 'other', name: 'two' },
      { kind: 'DaemonSet', namespace: 'tool', name: 'three' },
    ]);
    expect(asked.map(decodeURIComponent)).toEqual([
      '/api/v1/namespaces/tool/secrets?labelSelector=owner=helm,status=deployed,name=redis',
    ]);
  });

  it('are those of the last record', async () => {
    const items = [record(object('Deployment', 'old')), record(object('Deployment', 'new'))];
    expect(await workloads(items)).toEqual([{ kind: 'Deployment', namespace: 'tool', name: 'new' }]);
  });

  it.each([[undefined], [[]], [[{ metadata: { name: 'empty' } }]]])(
    'are none where the records are %j',
    async (items) => expect(await workloads(items)).toEqual([]),
  );
});
