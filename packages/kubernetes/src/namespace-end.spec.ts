import { heldIn } from './namespace-end';

const answers: Readonly<Record<string, unknown>> = {
  '/apis/example.org': { preferredVersion: { groupVersion: 'example.org/v1' } },
  '/apis/example.org/v1': { resources: [{ name: 'servers', kind: 'Server', namespaced: true }] },
  '/apis/example.org/v1/namespaces/dev-tool/servers': {
    items: [{ metadata: { name: 'one', finalizers: ['example.org/disk', 'example.org/name'] } }],
  },
  '/api/v1': { resources: [{ name: 'pods', kind: 'Pod', namespaced: true }] },
  '/api/v1/namespaces/dev-tool/pods': { items: [{ metadata: { name: 'web' } }] },
};
const api = { get: <T>(path: string) => Promise.resolve(answers[path] as T | undefined) };

const namespace = (phase: string, message: string) => ({
  metadata: { name: 'dev-tool' },
  status: { phase, conditions: [{ type: 'NamespaceContentRemaining', status: 'True', message }] },
});

it('names what a namespace waits for, with the finalizers', async () => {
  const message =
    'Some resources are remaining: pods. has 1 resource instances, servers.example.org has 1 resource instances';
  expect(await heldIn(api, namespace('Terminating', message))).toEqual([
    'Pod web',
    'Server one (finalizer example.org/disk, example.org/name)',
  ]);
});

it('names the kind alone where the API no longer knows its group, or lists nothing of it', async () => {
  const message = ['gone.example.com', 'things.empty.org', 'listed.empty.org', 'servers.example.org']
    .map((kind) => `${kind} has 2 resource instances`)
    .join(', ');
  const asked: string[] = [];
  const partly: Readonly<Record<string, unknown>> = {
    ...answers,
    '/apis/empty.org': { preferredVersion: { groupVersion: 'empty.org/v2' } },
    '/apis/empty.org/v2/namespaces/dev-tool/things': { items: [{ metadata: { name: 'two' } }] },
  };
  const recording = {
    get: <T>(path: string) => {
      asked.push(path);
      return Promise.resolve(partly[path] as T | undefined);
    },
  };
  expect(await heldIn(recording, namespace('Terminating', message))).toEqual([
    'Server one (finalizer example.org/disk, example.org/name)',
    'gone.example.com',
    'things two',
  ]);
  expect(asked.filter((path) => !path.startsWith('/'))).toEqual([]);
});

it('reads the condition about what remains, among others', async () => {
  const { metadata, status } = namespace('Terminating', 'pods. has 1 resource instances');
  const other = { type: 'Other', status: 'True', message: 'servers.example.org has 1 resource instances' };
  const conditions = [other, ...status.conditions];
  expect(await heldIn(api, { metadata, status: { ...status, conditions } })).toEqual(['Pod web']);
  expect(await heldIn(api, { metadata, status: { phase: 'Terminating', conditions: [other] } })).toEqual([]);
  expect(await heldIn(api, { metadata, status: { phase: 'Terminating' } })).toEqual([]);
  expect(await heldIn(api, { metadata })).toEqual([]);
});

it('has nothing to say about a namespace that is in use, or empty', async () => {
  expect(await heldIn(api, namespace('Active', 'pods. has 1 resource instances'))).toEqual([]);
  expect(await heldIn(api, namespace('Terminating', 'All content successfully removed'))).toEqual([]);
});
