import { gzipSync } from 'node:zlib';
import type { HookData } from './hook-data';
import { hooks } from './hooks';
import { ApiServer } from './testing/api-server';

const stackKey = { environment: 'demo', stage: 'dev', stack: 'tool' };
const NAMESPACES = 'GET /api/v1/namespaces';
const NAMESPACE = '/api/v1/namespaces/dev-tool';
const CLAIMS = `GET ${NAMESPACE}/persistentvolumeclaims`;

describe('hooks of a stack', () => {
  let server: ApiServer;
  beforeEach(async () => (server = await ApiServer.start()));
  afterEach(() => server.stop());

  const data = (changes: Partial<HookData> = {}): HookData => ({
    namespace: 'dev-tool',
    release: 'dev-tool',
    deployments: [],
    volumes: [],
    cluster: server.cluster,
    ...changes,
  });
  const context = (changes?: Partial<HookData>) => ({
    ...stackKey,
    environmentDir: '/',
    resources: [],
    data: data(changes),
  });
  const gone = () => ({ ...server.cluster, context: 'gone' });
  const namespace = (stack: string | undefined, name: string) => ({
    metadata: { name, labels: stack === undefined ? {} : { 'mlterra.dev/stack': stack } },
  });

  describe('prepare', () => {
    const records = (where: string) => `/api/v1/namespaces/${where}/secrets`;

    it('forgets what Helm had begun, of the release of the stack and of each chart', async () => {
      server.answer(`GET ${records('default')}`, { items: [namespace('x', 'v1.dev-tool.v3')] });
      server.answer(`GET ${records('dev-tool')}`, {
        items: [namespace('x', 'v1.one.v1'), namespace('x', 'v1.one.v2')],
      });
      const abort = new AbortController();
      await hooks.prepare!({ ...context({ charts: ['one', 'two'] }), ended: abort.signal });
      abort.abort();
      expect(server.requests.slice(0, 3).sort()).toEqual([
        `GET ${records('default')}`,
        `GET ${records('dev-tool')}`,
        `GET ${records('dev-tool')}`,
      ]);
      const status = 'status in (pending-install,pending-upgrade,pending-rollback)';
      expect(server.sent.slice(0, 3).map(({ query }) => query.labelSelector)).toEqual(
        expect.arrayContaining(['dev-tool', 'one', 'two'].map((name) => `owner=helm,name=${name},${status}`)),
      );
      expect([...new Set(server.requests.slice(3))].sort()).toEqual([
        `DELETE ${records('default')}/v1.dev-tool.v3`,
        `DELETE ${records('dev-tool')}/v1.one.v1`,
        `DELETE ${records('dev-tool')}/v1.one.v2`,
      ]);
    });

    it('deletes nothing where nothing was begun, and asks nobody without a cluster', async () => {
      await hooks.prepare!({ ...context({ cluster: null, charts: ['one'] }) });
      expect(server.requests).toEqual([]);
      const abort = new AbortController();
      await hooks.prepare!({ ...context(), ended: abort.signal });
      abort.abort();
      expect(server.requests).toEqual([`GET ${records('default')}`]);
    });

    it('fails where the cluster does not answer as it should', async () => {
      server.answer(`GET ${records('default')}`, {}, 403);
      await expect(hooks.prepare!(context())).rejects.toThrow(/refuses GET .*: 403/);
      await expect(hooks.prepare!(context({ cluster: gone() }))).rejects.toThrow(/no context "gone"/);
    });
  });

  describe('probe', () => {
    const deployments = `GET /apis/apps/v1/namespaces/dev-tool/deployments`;
    const available = (name: string, availableReplicas: number) => ({
      metadata: { name },
      spec: { replicas: 1 },
      status: { availableReplicas },
    });

    it('finds every workload and chart that has not all its pods', async () => {
      server.answer(`GET ${NAMESPACE}`, namespace('tool', 'dev-tool'));
      server.answer(deployments, { items: [available('web', 1), available('api', 0)] });
      const found = await hooks.probe!(context({ deployments: ['web', 'api', 'lost'] }));
      expect(found).toEqual(
        ['workload api has 0 of 1 pods available', 'workload lost is missing'].map((problem) => ({
          address: 'terraform_data.kubernetes',
          problem,
        })),
      );
    });

    it('finds the namespace missing, and then nothing else', async () => {
      expect(await hooks.probe!(context({ deployments: ['web'], charts: ['redis'] }))).toEqual([
        { address: 'terraform_data.kubernetes', problem: 'namespace dev-tool is missing' },
      ]);
      expect(server.requests).toEqual([`GET ${NAMESPACE}`]);
    });

    it('finds the programs of each chart', async () => {
      server.answer(`GET ${NAMESPACE}`, namespace('tool', 'dev-tool'));
      server.answer(deployments, { items: [available('redis', 0)] });
      const manifest = 'kind: Deployment\nmetadata:\n  name: redis\n';
      const zipped = gzipSync(JSON.stringify({ manifest })).toString('base64');
      const items = [{ metadata: { name: 'v1' }, data: { release: btoa(zipped) } }];
      server.answer(`GET ${NAMESPACE}/secrets`, { items });
      const found = await hooks.probe!(context({ charts: ['one', 'two'] }));
      expect(found.map(({ problem }) => problem)).toEqual([
        'Deployment redis of the chart one has 0 of 1 pods available',
        'Deployment redis of the chart two has 0 of 1 pods available',
      ]);
    });

    it('finds nothing where all is well, or no cluster is asked', async () => {
      server.answer(`GET ${NAMESPACE}`, namespace('tool', 'dev-tool'));
      server.answer(deployments, { items: [available('web', 1)] });
      expect(await hooks.probe!(context({ deployments: ['web'] }))).toEqual([]);
      expect(await hooks.probe!(context({ deployments: ['lost'], cluster: null }))).toEqual([]);
    });
  });

  describe('release', () => {
    const release = (purge: boolean, changes?: Partial<HookData>) =>
      hooks.release!({ ...context(changes), purge });
    beforeEach(() => {
      const items = [
        namespace('other', 'dev-other'),
        namespace(undefined, 'x'),
        namespace('tool', 'dev-tool'),
      ];
      server.answer(NAMESPACES, { items });
    });
    const claims = (...names: readonly string[]): void =>
      server.answer(CLAIMS, { items: names.map((name) => namespace('tool', name)) });

    it('keeps a namespace with volumes, unless it is purged', async () => {
      claims('data', 'logs');
      expect(await release(false)).toEqual({
        released: [],
        kept: ['namespace dev-tool with the volumes data, logs on demo (removed by destroy --purge)'],
        left: [],
      });
      expect(server.requests).not.toContain(`DELETE ${NAMESPACE}`);
      expect(await release(true)).toEqual({ released: ['namespace dev-tool'], kept: [], left: [] });
      expect(server.requests).toContain(`DELETE ${NAMESPACE}`);
      expect(server.sent[0]!.query.labelSelector).toBe('mlterra.dev/environment=demo,mlterra.dev/stage=dev');
    });

    it('removes a namespace without volumes', async () => {
      claims();
      expect(await release(false)).toEqual({ released: ['namespace dev-tool'], kept: [], left: [] });
    });

    it.each([false, true])('has nothing to do for a stack without a namespace, purged %p', async (purge) => {
      server.answer(NAMESPACES, { items: [namespace('other', 'dev-other')] });
      expect(await release(purge)).toEqual({ released: [], kept: [], left: [] });
      expect(server.requests).toEqual([NAMESPACES]);
    });

    it('has nothing to do where the cluster is gone; one that does not answer is no such cluster', async () => {
      expect(await release(true, { cluster: gone() })).toEqual({ released: [], kept: [], left: [] });
      const none = { ...server.cluster, kubeconfig: '/nowhere/config' };
      expect(await release(true, { cluster: none })).toEqual({ released: [], kept: [], left: [] });
      const empty = { ...server.cluster, context: 'empty' };
      await expect(release(true, { cluster: empty })).rejects.toThrow(/names no cluster/);
      const silent = { ...server.cluster, context: 'other' };
      await expect(release(true, { cluster: silent })).rejects.toThrow(/cannot be reached/);
    });

    it('says what may be left on a cluster that it cannot ask', async () => {
      const cluster = null;
      const nothing = { released: [], kept: [], left: [] };
      expect(await release(true, { cluster })).toEqual(nothing);
      expect(await release(true, { cluster, volumes: ['data'] })).toEqual({
        ...nothing,
        kept: ['namespace dev-tool, where data may be (kubectl delete)'],
      });
      expect(await release(true, { cluster, volumes: ['data'], charts: ['a', 'b'] })).toEqual({
        ...nothing,
        kept: ['namespace dev-tool, where data, volumes of a, volumes of b may be (kubectl delete)'],
      });
    });
  });

  describe('inventory', () => {
    const inventory = (withData: boolean | undefined, changes?: Partial<HookData>) =>
      hooks.inventory!({ ...context(changes), ...(withData === undefined ? {} : { withData }) });
    beforeEach(() => {
      const items = ['web', 'db', 'empty', 'batch'].map((stack) => namespace(stack, `dev-${stack}`));
      server.answer(NAMESPACES, { items });
      const runs = (name: string, kind: string): void =>
        server.answer(`GET /apis/apps/v1/namespaces/dev-${name}/${kind}`, {
          items: [namespace(name, 'one')],
        });
      runs('web', 'deployments');
      runs('db', 'statefulsets');
      runs('batch', 'daemonsets');
    });

    it('is the stacks of which something runs, or all that have data', async () => {
      expect(await inventory(undefined)).toEqual(['batch', 'db', 'web']);
      expect(await inventory(false)).toEqual(['batch', 'db', 'web']);
      expect(await inventory(true)).toEqual(['batch', 'db', 'empty', 'web']);
    });

    it('is empty where the cluster is gone, does not answer, or is not asked', async () => {
      expect(await inventory(true, { cluster: null })).toEqual([]);
      expect(await inventory(true, { cluster: gone() })).toEqual([]);
      expect(await inventory(true, { cluster: { ...server.cluster, context: 'other' } })).toEqual([]);
      server.answer(NAMESPACES, {}, 403);
      expect(await inventory(true)).toEqual([]);
    });

    it('does not hide a defect', async () => {
      server.answer(NAMESPACES, {});
      await expect(inventory(true)).rejects.toThrow(TypeError);
    });
  });

  describe('explain', () => {
    const explain = (changes?: Partial<HookData>) => hooks.explain!({ ...context(changes) });

    it('says what a namespace on its way out waits for', async () => {
      const message = 'pods. has 1 resource instances';
      const conditions = [{ type: 'NamespaceContentRemaining', status: 'True', message }];
      const status = { phase: 'Terminating', conditions };
      server.answer(`GET ${NAMESPACE}`, { ...namespace('tool', 'dev-tool'), status });
      server.answer(`GET ${NAMESPACE}/pods`, { items: [{ metadata: { name: 'web', finalizers: ['a/b'] } }] });
      expect(await explain()).toEqual([
        'namespace dev-tool waits for pods web (finalizer a/b): whoever set a finalizer has to run until it is done',
      ]);
    });

    it('says nothing of a namespace in use, or missing, or without a cluster', async () => {
      expect(await explain()).toEqual([]);
      server.answer(`GET ${NAMESPACE}`, namespace('tool', 'dev-tool'));
      expect(await explain()).toEqual([]);
      expect(await explain({ cluster: null })).toEqual([]);
    });
  });

  it('locateSecret names the cluster where it is known', async () => {
    const { kubeconfig } = server.cluster;
    await expect(hooks.locateSecret!(context(), 'dev-tool/password/value')).resolves.toBe(
      `kubectl --kubeconfig ${kubeconfig} --context demo --namespace dev-tool get secret password --output jsonpath='{.data.value}' | base64 --decode`,
    );
  });
});
