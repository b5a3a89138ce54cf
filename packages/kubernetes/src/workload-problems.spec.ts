import type { ClusterObject } from './cluster-objects';
import { workloadProblems } from './workload-problems';
import type { ChartWorkload } from './release-record';

const item = (name: string, more: Omit<ClusterObject, 'metadata'> = {}): ClusterObject => ({
  metadata: { name },
  ...more,
});
const pod = (workload: string, ...reasons: readonly (string | undefined)[]): ClusterObject => ({
  metadata: { name: `${workload}-1`, labels: { 'app.kubernetes.io/name': workload } },
  status: {
    containerStatuses: reasons.map((reason) => ({
      state: reason === undefined ? { running: {} } : { waiting: { reason } },
    })),
  },
});

/** Problems of Deployments in the namespace `tool`, unless a kind is named. */
function problems(
  found: readonly ClusterObject[],
  expected: readonly string[],
  pods: readonly ClusterObject[] = [],
  kind: ChartWorkload['kind'] = 'Deployment',
): Promise<readonly string[]> {
  const answers: Readonly<Record<string, readonly ClusterObject[]>> = {
    [`/apis/apps/v1/namespaces/tool/${kind.toLowerCase()}s`]: found,
    '/api/v1/namespaces/tool/pods': pods,
  };
  const api = {
    get: <T>(path: string) => Promise.resolve((answers[path] && { items: answers[path] }) as T | undefined),
  };
  const all = expected.map((name) => ({ kind, namespace: 'tool', name }));
  return workloadProblems(api, all, (each) => `${each.kind} ${each.name}`);
}

describe('problems of programs', () => {
  it('are each of those that are missing or have too few pods, and none of the others', async () => {
    const found = [
      item('alone', { status: { availableReplicas: 1 } }),
      item('full', { spec: { replicas: 3 }, status: { availableReplicas: 3 } }),
      item('more', { spec: { replicas: 1 }, status: { availableReplicas: 2 } }),
      item('few', { spec: { replicas: 3 }, status: { availableReplicas: 2 } }),
      item('none', { status: {} }),
      item('new'),
      item('off', { spec: { replicas: 0 } }),
      item('stranger', { spec: { replicas: 3 } }),
    ];
    const expected = ['alone', 'full', 'more', 'gone', 'few', 'none', 'new', 'off', 'lost'];
    expect(await problems(found, expected)).toEqual([
      'Deployment gone is missing',
      'Deployment few has 2 of 3 pods available',
      'Deployment none has 0 of 1 pods available',
      'Deployment new has 0 of 1 pods available',
      'Deployment lost is missing',
    ]);
  });

  it('count nodes for a DaemonSet', async () => {
    const found = [
      item('all', { status: { desiredNumberScheduled: 3, numberAvailable: 3 } }),
      item('some', { status: { desiredNumberScheduled: 3, numberAvailable: 2 } }),
      item('unasked', { status: { desiredNumberScheduled: 0 } }),
    ];
    expect(await problems(found, ['all', 'some', 'unasked'], [], 'DaemonSet')).toEqual([
      'DaemonSet some has 2 of 3 pods available',
    ]);
  });

  it('say what a container of its own pods waits for', async () => {
    const found = [item('web'), item('job'), item('quiet')];
    const pods = [
      pod('other', 'OtherReason'),
      item('bare'),
      pod('web', undefined),
      pod('web', undefined, 'ImagePullBackOff'),
      pod('job', 'CrashLoopBackOff', 'ImagePullBackOff'),
      pod('quiet', undefined),
      { ...pod('quiet'), status: undefined },
    ];
    expect(await problems(found, ['web', 'job', 'quiet'], pods)).toEqual([
      'Deployment web has 0 of 1 pods available (ImagePullBackOff)',
      'Deployment job has 0 of 1 pods available (CrashLoopBackOff)',
      'Deployment quiet has 0 of 1 pods available',
    ]);
  });

  it('are all, where the namespace knows none', async () => {
    const api = { get: () => Promise.resolve(undefined) };
    const expected = ['one', 'two'].map(
      (name) => ({ kind: 'StatefulSet', namespace: 'tool', name }) as const,
    );
    expect(await workloadProblems(api, expected, ({ name }) => name)).toEqual([
      'one is missing',
      'two is missing',
    ]);
  });
});
