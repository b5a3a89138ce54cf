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
    [
      'the container in trouble, among several',
      pod({
        containerStatuses: [
          { ready: true, state: { running: {} } },
          { ready: false, state: { terminated: { exitCode: 1 } } },
          { ready: false, state: { waiting: { reason: 'ErrImagePull' } } },
        ],
      }),
      'web ended with exit code 1 (no reason is given)',
    ],
    [
      'a container that runs before the others, first',
      pod({
        initContainerStatuses: [
          { state: { terminated: { exitCode: 0 } } },
          { state: { waiting: { reason: 'Bad' } } },
        ],
        containerStatuses: [{ ready: false, state: { waiting: { reason: 'Other' } } }],
      }),
      'web does not start: Bad',
    ],
    [
      'a pod that finds no node, for no reason, though other conditions hold',
      pod({
        conditions: [
          { type: 'Ready', status: 'False', message: 'not this' },
          { type: 'PodScheduled', status: 'False' },
        ],
      }),
      'web finds no node: no reason is given',
    ],
    [
      'a pod of a chart by its own name',
      {
        metadata: { name: 'redis-0' },
        status: { containerStatuses: [{ state: { waiting: { reason: 'Bad' } } }] },
      },
      'redis-0 does not start: Bad',
    ],
    ['a container that waits for nobody knows what', container({ waiting: {} }), 'web does not start: '],
  ])('tells of %s', (_, given, told) => {
    expect(podTrouble(given)).toBe(told);
  });

  it.each([
    ['a pod on its way', container({ waiting: { reason: 'ContainerCreating' } })],
    ['a pod that is ready', container({ running: {} }, true)],
    ['a pod that has its node', pod({ conditions: [{ type: 'PodScheduled', status: 'True' }] })],
    ['a pod whose conditions are others', pod({ conditions: [{ type: 'Ready', status: 'False' }] })],
    ['a pod that prepares', container({ waiting: { reason: 'PodInitializing' } })],
    [
      'several that are ready',
      pod({
        containerStatuses: [
          { ready: true, state: { running: {} } },
          { ready: true, state: { running: {} } },
        ],
      }),
    ],
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
    ['a pod that was refused twice', { count: 2 }, []],
    ['an event that nobody counts', { count: undefined }, []],
    ['an owner that has one pod among others', {}, [owned('two'), owned('one')]],
    ['what was before', { lastTimestamp: '2026-01-01T11:59:59Z' }, []],
    ['an event without a time', { lastTimestamp: undefined }, []],
    ['an owner that has a pod by now', {}, [owned('one')]],
  ])('has nothing to say about %s', (_, changes, pods) => {
    expect(refusalTrouble({ ...event, ...changes }, pods, since)).toBeUndefined();
  });
});
