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

it('has nothing to say about a namespace that is in use, or empty', async () => {
  expect(await heldIn(api, namespace('Active', 'pods. has 1 resource instances'))).toEqual([]);
  expect(await heldIn(api, namespace('Terminating', 'All content successfully removed'))).toEqual([]);
});
