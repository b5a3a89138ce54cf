import type { ClusterEvent, ClusterObject } from './cluster-objects';
import { podTrouble, refusalTrouble } from './pod-trouble';

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

describe('refusalTrouble', () => {
  const since = new Date('2026-01-01T12:00:00Z');
  const event: ClusterEvent = {
    message: 'Error creating: pods "web-1" is forbidden: violates PodSecurity "restricted:latest"',
    count: 3,
    lastTimestamp: '2026-01-01T12:00:05Z',
    involvedObject: { kind: 'ReplicaSet', name: 'web', uid: 'one' },
  };
  const owned = (uid: string): ClusterObject => ({ metadata: { name: 'web-1', ownerReferences: [{ uid }] } });

  it('tells of a pod that is refused again and again', () => {
    expect(refusalTrouble(event, [owned('another')], since)).toBe(
      'ReplicaSet web gets no pod: pods "web-1" is forbidden: violates PodSecurity "restricted:latest"',
    );
  });

  it.each<[string, Partial<ClusterEvent>, readonly ClusterObject[]]>([
    ['a pod that was refused once', { count: 1 }, []],
    ['what was before', { lastTimestamp: '2026-01-01T11:59:59Z' }, []],
    ['an event without a time', { lastTimestamp: undefined }, []],
    ['an owner that has a pod by now', {}, [owned('one')]],
  ])('has nothing to say about %s', (_, changes, pods) => {
    expect(refusalTrouble({ ...event, ...changes }, pods, since)).toBeUndefined();
  });
});
