import { text, type ChartProps, type KubernetesCluster, type Stack } from '@mlterra/core';
import { TROUBLESOME_TEXT } from '@mlterra/testing';
import { canRunKubernetes, startKubernetes, type KubernetesServer } from '@mlterra/testbed';
import { hooks } from './hooks';
import { ECHO_CHART, RealRelease } from './testing/real-release';
import { SHELL_IMAGE, shellImage } from './testing/shell-image';

// Minutes, and a cluster of its own: see tools/ci/skips.json.
const onCluster = process.env.MLTERRA_TEST_FULL && canRunKubernetes() ? describe : describe.skip;

jest.setTimeout(600_000);

const addChart = (
  stack: Stack,
  cluster: KubernetesCluster,
  values: object = {},
  props: Partial<ChartProps> = {},
): void =>
  cluster.addChart(stack, 'Echo', {
    chart: ECHO_CHART,
    values: { image: SHELL_IMAGE, text: TROUBLESOME_TEXT, ...values },
    startSeconds: 120,
    ...props,
  });

/** The tests build on each other: one life of a stack, from the first apply to the purge. */
onCluster('a stack on a real cluster', () => {
  let kubernetes: KubernetesServer;
  let release: RealRelease;

  const context = () => ({
    environment: 'demo',
    stage: 'dev',
    stack: 'tool',
    environmentDir: '/',
    data: release.hookData,
  });
  const get = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse(await release.kubectl('get', '--namespace', 'dev-tool', ...args, '--output', 'json')) as T;
  const uid = async (...args: readonly string[]): Promise<string> =>
    (await get<{ metadata: { uid: string } }>(...args)).metadata.uid;

  beforeAll(async () => {
    kubernetes = await startKubernetes();
    release = await RealRelease.on(kubernetes);
    await kubernetes.importImages(shellImage(release.folder));
  });
  afterAll(async () => {
    release?.remove();
    await kubernetes?.stop();
  });

  it('gets one text byte for byte in every place that a text can have', async () => {
    const places = { argument: '/tmp/argument', variable: '/tmp/variable', secret: '/tmp/secret-variable' };
    const script = [
      `printf %s "$1" > ${places.argument}`,
      `printf %s "$PLAIN" > ${places.variable}`,
      `printf %s "$SECRET" > ${places.secret}`,
      'exec /bin/sleep infinity',
    ].join('\n');
    await release.apply((stack, cluster) => {
      const password = cluster.generateSecret(stack, 'Password');
      const secret = text`${TROUBLESOME_TEXT}${password}`;
      cluster.run(stack, 'Demo', {
        containers: {
          server: {
            image: SHELL_IMAGE,
            command: ['/bin/sh', '-c', script, 'sh', TROUBLESOME_TEXT],
            variables: { PLAIN: TROUBLESOME_TEXT, SECRET: secret },
            files: { '/etc/demo/plain': TROUBLESOME_TEXT, '/etc/demo/secret': secret },
            stopGraceSeconds: 1,
          },
        },
      });
      const metadata = { name: 'object' };
      const content = { data: { text: TROUBLESOME_TEXT } };
      cluster.addObjects(stack, 'Object', [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, content }]);
      cluster.addSecret(stack, 'Login', { data: { 'the.text': secret } });
      addChart(stack, cluster);
    });

    const read = (path: string): Promise<string> =>
      release.kubectl('exec', '--namespace', 'dev-tool', 'deployment/demo', '--', '/bin/cat', path);
    const decoded = async (name: string): Promise<string> => {
      const { data } = await get<{ data: Record<string, string> }>('secret', name);
      return Buffer.from(Object.values(data)[0]!, 'base64').toString('utf8');
    };
    const configured = async (name: string): Promise<string> =>
      (await get<{ data: { text: string } }>('configmap', name)).data.text;
    const withPassword = TROUBLESOME_TEXT + (await decoded('password'));
    expect({
      argument: await read(places.argument),
      variable: await read(places.variable),
      file: await read('/etc/demo/plain'),
      chart: await configured('chart'),
      object: await configured('object'),
    }).toEqual({
      argument: TROUBLESOME_TEXT,
      variable: TROUBLESOME_TEXT,
      file: TROUBLESOME_TEXT,
      chart: TROUBLESOME_TEXT,
      object: TROUBLESOME_TEXT,
    });
    expect({
      variable: await read(places.secret),
      file: await read('/etc/demo/secret'),
      login: await decoded('login'),
    }).toEqual({ variable: withPassword, file: withPassword, login: withPassword });
  });

  it('says what of a chart is gone, and makes it again in its place, with its data', async () => {
    expect(await hooks.probe!(context())).toEqual([]);
    const claim = await uid('persistentvolumeclaim', 'data-store-0');
    await release.kubectl('delete', '-n', 'dev-tool', 'statefulset', 'store', '--wait=true');
    const findings = await hooks.probe!(context());
    expect(findings.map(({ problem }) => problem)).toEqual([
      'StatefulSet store of the chart echo is missing',
    ]);
    const { address } = findings[0]!;
    const namespace = await uid('namespace', 'dev-tool');
    await release.apply((stack, cluster) => {
      cluster.addSecret(stack, 'Login', { data: { user: 'demo' } });
      addChart(stack, cluster);
    }, `-replace=${address}`);
    expect(await hooks.probe!(context())).toEqual([]);
    expect(await uid('namespace', 'dev-tool')).toBe(namespace);
    expect(await uid('persistentvolumeclaim', 'data-store-0')).toBe(claim);
  });

  it('goes on after a run that was killed while Helm upgraded a chart', async () => {
    await release.interruptUpgrade();
    const apply = () => release.apply((stack, cluster) => addChart(stack, cluster, { text: 'another' }));
    await expect(apply()).rejects.toThrow(/another operation .* is in progress/);
    const ended = new AbortController();
    await hooks.prepare!({ ...context(), resources: [], ended: ended.signal });
    await apply();
    ended.abort();
    expect((await get<{ data: object }>('configmap', 'chart')).data).toEqual({ text: 'another' });
  });

  it('tells why pods of a chart are not made', async () => {
    const told: string[] = [];
    const ended = new AbortController();
    const report = (line: string): void => void told.push(line);
    await hooks.prepare!({ ...context(), resources: [], report, ended: ended.signal });
    // Pods that are there are not asked again, so that the refused one is another.
    await release.kubectl('delete', '-n', 'dev-tool', 'statefulset', 'store', '--wait=true');
    await expect(
      release.apply((stack, cluster) => addChart(stack, cluster, { user: '0' }, { startSeconds: 10 })),
    ).rejects.toThrow(/terraform apply/);
    const reasons = await hooks.explain!(context());
    ended.abort();
    const refused = expect.stringMatching(
      /^StatefulSet store gets no pod: .*violates PodSecurity "restricted/,
    );
    expect([told, reasons]).toEqual([[refused], [refused]]);
  });

  it('keeps the data of a chart when it is destroyed, and removes it when that is said', async () => {
    await release.destroy();
    expect(await hooks.release!({ ...context(), purge: false })).toEqual({
      released: [],
      left: [],
      kept: [expect.stringMatching(/^namespace dev-tool with the volumes data-store-0 .*destroy --purge/)],
    });
    expect(await release.kubectl('get', 'deployments,statefulsets', '-n', 'dev-tool')).toBe('');
    expect((await hooks.release!({ ...context(), purge: true })).released).toEqual(['namespace dev-tool']);
  });

  it('says what a namespace that does not go is waiting for', async () => {
    await release.kubectl('create', 'namespace', 'dev-tool');
    await release.kubectl('create', 'configmap', 'held', '-n', 'dev-tool');
    const patch = (finalizers: string[]): Promise<string> =>
      release.kubectl(
        ...['patch', 'configmap', 'held', '-n', 'dev-tool', '--type', 'merge'],
        ...['--patch', JSON.stringify({ metadata: { finalizers } })],
      );
    await patch(['example.org/cleanup']);
    await release.kubectl('delete', 'namespace', 'dev-tool', '--wait=false');
    let reasons: readonly string[] = [];
    while (reasons.length === 0) reasons = await hooks.explain!(context());
    expect(reasons).toEqual([
      'namespace dev-tool waits for ConfigMap held (finalizer example.org/cleanup): whoever set a finalizer has to run until it is done',
    ]);
    await patch([]);
    await release.kubectl('wait', '--for=delete', 'namespace/dev-tool', '--timeout=60s');
  });
});
