import type { ClusterObject } from './cluster-objects';
import { podTrouble } from './pod-trouble';

const pod = (status: ClusterObject['status']): ClusterObject => ({
  metadata: { name: 'web-1', labels: { 'app.kubernetes.io/name': 'web' } },
  status,
});
const container = (state: object, ready = false): ClusterObject =>
  pod({ containerStatuses: [{ ready, state }] });

describe('podTrouble', () => {
  it.each([
    [
      'an image that cannot be pulled',
      container({ waiting: { reason: 'ErrImagePull', message: 'failed to pull "registry.invalid/x:v1"' } }),
      'web does not start: ErrImagePull: failed to pull "registry.invalid/x:v1"',
    ],
    [
      'a program that ends',
      container({ terminated: { exitCode: 3, reason: 'Error' } }),
      'web ended with exit code 3 (Error)',
    ],
    ['a probe that is not answered', container({ running: {} }), 'web runs, but its probe is not answered'],
    [
      'a pod too large for the nodes',
      pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: 'Insufficient memory' }] }),
      'web finds no node: Insufficient memory',
    ],
  ])('tells of %s', (_, given, told) => {
    expect(podTrouble(given)).toBe(told);
  });

  it.each([
    ['a pod on its way', container({ waiting: { reason: 'ContainerCreating' } })],
    ['a pod that is ready', container({ running: {} }, true)],
    ['a task that is done', container({ terminated: { exitCode: 0, reason: 'Completed' } })],
    ['a pod that nobody has looked at', pod(undefined)],
  ])('has nothing to say about %s', (_, given) => {
    expect(podTrouble(given)).toBeUndefined();
  });
});
