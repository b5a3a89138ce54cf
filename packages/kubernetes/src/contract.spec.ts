import type { WorkloadFacts } from '@mlterra/testing/contracts';
import { observeKubernetesWorkloads } from './contract';
import { applyRelease, rehearsed, type AppliedArguments } from './testing/applied';
import { CONFIG_PATH, LOGIN_PATH, synthSample } from './testing/sample-workload';

const PASSWORD = 'a,b\\c{d}"${x}';

let applied: AppliedArguments;
let strict: AppliedArguments;

beforeAll(() => {
  applied = applyRelease(synthSample(), PASSWORD);
  strict = applyRelease(synthSample({}, { profile: 'production', replicas: 3 }));
});

const member = (namespace: string, serviceAccount: string): string => `${namespace}:${serviceAccount}`;

function observe(given: object = applied): readonly WorkloadFacts[] {
  return observeKubernetesWorkloads(rehearsed(given), member);
}

/** Facts after a change to what reached the cluster: `from` is replaced wherever it stands in the values. */
function after(from: string, to: string, given = applied): WorkloadFacts {
  const [text] = given.values as [string];
  expect(text).toContain(from);
  return observe({ ...given, values: [text.replaceAll(from, to)] })[0]!;
}

describe('observeKubernetesWorkloads', () => {
  it('reads all facts about a workload from its release', () => {
    const [{ plainText, ...facts }, ...others] = observe() as [WorkloadFacts];
    expect(others).toEqual([]);
    expect(facts).toEqual({
      name: 'dev-tool/demo/server',
      address: 'helm_release.kubernetes Deployment demo',
      stack: 'dev-tool',
      egress: 'free',
      container: 'server',
      image: 'registry.example.org/demo:v1.2.3',
      command: ['demo', `--config=${CONFIG_PATH}`],
      variables: { HOME: '/tmp', MODE: 'fast' },
      secretVariables: {
        DATABASE_URL: {
          reference: expect.stringMatching(/^dev-tool\/demo\/server-variable-DATABASE-URL-/),
          value: `postgresql://demo:${PASSWORD}@db.example.org:5432/demo`,
        },
        PASSWORD: { reference: expect.stringContaining('dev-tool/demo/'), value: PASSWORD },
      },
      files: { [CONFIG_PATH]: 'mode = fast\n' },
      secretFiles: {
        [LOGIN_PATH]: {
          reference: expect.stringContaining('dev-tool/demo/'),
          value: `password = ${PASSWORD}\n`,
        },
      },
      ports: [
        { name: 'http', port: 8080 },
        { name: 'metrics', port: 9090 },
      ],
      reachablePorts: [8080, 9090],
      hosts: ['demo.dev-tool.svc', 'demo.dev-tool.svc.cluster.local', 'demo.dev-tool'],
      readinessProbe: { port: 8080, path: '/health' },
      livenessProbe: { port: 8080, path: '/health' },
      nonRoot: true,
      readOnlyRoot: true,
      capabilitiesDropped: true,
      privilegeEscalation: false,
      seccomp: true,
      memoryLimitMiB: 512,
      cpuRequestMillis: 250,
      replicas: 1,
      member: 'dev-tool:demo',
      apiTokenMounted: false,
    });
    expect(plainText!.join('')).not.toContain('a,b');
  });

  it('lets clients of the same stage through a strict policy', () => {
    expect(observe(strict)[0]).toMatchObject({ replicas: 3, reachablePorts: [8080, 9090] });
  });

  it.each<[string, string, string, Partial<WorkloadFacts>]>([
    ['a Service of other pods', '"selector":{"app', '"selector":{"other', { reachablePorts: [], hosts: [] }],
    ['a Service to no port', '"targetPort":"http"', '"targetPort":"web"', { reachablePorts: [9090] }],
    [
      'a policy for another port',
      '"port":8080,"protocol":"TCP"}',
      '"port":1,"protocol":"TCP"}',
      { reachablePorts: [9090] },
    ],
    [
      'a probe of no port',
      '"port":"http"}',
      '"port":"web"}',
      { readinessProbe: undefined, livenessProbe: undefined },
    ],
    ['root', '"runAsUser":65532', '"runAsUser":0', { nonRoot: false }],
    ['no user', '"runAsUser":65532,', '', { nonRoot: false }],
    [
      'a root to write to',
      '"readOnlyRootFilesystem":true',
      '"readOnlyRootFilesystem":false',
      { readOnlyRoot: false },
    ],
    ['capabilities', '"drop":["ALL"]', '"drop":["ALL"],"add":["NET_ADMIN"]', { capabilitiesDropped: false }],
    ['escalation', '"allowPrivilegeEscalation":false,', '', { privilegeEscalation: true }],
    ['no seccomp', '"RuntimeDefault"', '"Unconfined"', { seccomp: false }],
    ['no limit', '"limits":{"memory":"512Mi"},', '', { memoryLimitMiB: undefined }],
    [
      'a token',
      '"automountServiceAccountToken":false,"containers"',
      '"containers"',
      { apiTokenMounted: true },
    ],
    [
      'an account that nobody makes',
      '"serviceAccountName":"demo"',
      '"serviceAccountName":"other"',
      { member: undefined },
    ],
    ['a file of nothing', 'config.ini","name":"config"', 'config.ini","name":"nothing"', { files: {} }],
  ])('sees %s', (_, from, to, facts) => {
    expect(after(from, to)).toMatchObject(facts);
  });

  it('sees a strict policy for another stage, and one without rules', () => {
    const rule = '"namespaceSelector":{"matchLabels":{"mlterra.dev/environment":"demo","mlterra.dev/stage":"';
    expect(after(`${rule}dev"`, `${rule}prod"`, strict).reachablePorts).toEqual([]);
    expect(after('"ingress":', '"nothing":').reachablePorts).toEqual([]);
  });

  it('sees a key that the Secret does not have, and what Helm makes of a value that is not escaped', () => {
    const change = (
      to: (entry: AppliedArguments['set_sensitive'][number]) => object | undefined,
    ): WorkloadFacts =>
      observe({ ...applied, set_sensitive: applied.set_sensitive.flatMap((entry) => to(entry) ?? []) })[0]!;
    const isPassword = ({ name }: { name: string }): boolean => /variable-PASSWORD/.test(name);
    const without = change((entry) => (isPassword(entry) ? undefined : entry));
    expect(without.secretVariables!.PASSWORD).toMatchObject({ value: undefined });
    expect(without.secretVariables!.DATABASE_URL!.value).toContain(PASSWORD);
    const bare = change((entry) => (isPassword(entry) ? { ...entry, value: PASSWORD } : entry));
    expect(bare.secretVariables!.PASSWORD!.value).toBe('a');
    const list = change((entry) => (isPassword(entry) ? { ...entry, value: '{a}' } : entry));
    expect(list.secretVariables!.PASSWORD!.value).toBeUndefined();
  });

  it('sees a secret that Helm is given in the open', () => {
    const set = [{ name: 'secrets.demo.key', value: 'open' }];
    expect(observe({ ...applied, set })[0]!.plainText).toContain('open');
  });

  it('passes by releases of other charts', () => {
    expect(observe({ values: ['replicas: 3'], set_sensitive: null })).toEqual([]);
  });
});
