import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterApi, kubeconfigPath } from './cluster-api';
import { ApiServer } from './testing/api-server';

describe('the API of a cluster', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mlterra-cluster-api-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const asked = async (hint?: string): Promise<unknown> => {
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        // Nothing listens on port 1.
        clusters: [{ name: 'demo', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'demo', user: {} }],
        contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'demo' } }],
      }),
    );
    const api = await ClusterApi.open({
      kubeconfig,
      context: 'demo',
      ...(hint === undefined ? {} : { hint }),
    });
    return api.get('/version');
  };

  it('says how to name another cluster where this one cannot be reached', async () => {
    await expect(asked('set DEMO_CONTEXT')).rejects.toThrow(
      /https:\/\/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED.*\n.*trusts its certificate, or set DEMO_CONTEXT$/,
    );
    await expect(asked()).rejects.toThrow(/trusts its certificate$/);
  });

  it('is not opened by a kubeconfig that is no kubeconfig', async () => {
    const kubeconfig = join(folder, 'broken');
    writeFileSync(kubeconfig, 'clusters: [');
    await expect(ClusterApi.open({ kubeconfig, context: 'demo' })).rejects.toThrow(
      /^The kubeconfig \S+broken cannot be used: /,
    );
  });

  it('finds a kubeconfig in the home of its user', () => {
    expect(kubeconfigPath('~/.kube/config')).toBe(join(homedir(), '.kube/config'));
    expect(kubeconfigPath('/etc/~/config')).toBe('/etc/~/config');
  });
});

describe('the API of a cluster that answers', () => {
  let server: ApiServer;
  let api: ClusterApi;
  beforeEach(async () => {
    server = await ApiServer.start();
    api = await ClusterApi.open(server.cluster);
  });
  afterEach(() => server.stop());

  it('is that of the context, not of the current one', async () => {
    server.answer('GET /version', { gitVersion: 'v1.34.0' });
    await expect(api.get('/version')).resolves.toEqual({ gitVersion: 'v1.34.0' });
    expect(api.server).toBe(server.url);
  });

  it('is found only by a context that is there and names a cluster', async () => {
    const { kubeconfig } = server.cluster;
    await expect(ClusterApi.has(server.cluster)).resolves.toBe(true);
    await expect(ClusterApi.has({ kubeconfig, context: 'none' })).resolves.toBe(false);
    await expect(ClusterApi.open({ kubeconfig, context: 'none' })).rejects.toThrow(
      /has no context "none"\.\n +expected: other or demo or empty/,
    );
    await expect(ClusterApi.open({ kubeconfig, context: 'empty' })).rejects.toThrow(
      /cannot be used: "empty" names no cluster in it/,
    );
  });

  it('has undefined where nothing is, as an object and as a text, and deletes what is gone', async () => {
    await expect(api.get('/none')).resolves.toBeUndefined();
    await expect(api.text('/none')).resolves.toBeUndefined();
    await expect(api.delete('/none')).resolves.toBeUndefined();
    expect(server.requests).toEqual(['GET /none', 'GET /none', 'DELETE /none']);
  });

  it('reads texts and sends objects', async () => {
    server.answer('GET /text', 'a text');
    server.answer('POST /objects', { name: 'one' }, 201);
    server.answer('DELETE /objects/one', {}, 202);
    await expect(api.text('/text')).resolves.toBe('a text');
    await expect(api.post('/objects', { name: 'one' })).resolves.toEqual({ name: 'one' });
    await expect(api.delete('/objects/one')).resolves.toBeUndefined();
    expect(server.sent.map(({ body }) => body)).toEqual(['', '{"name":"one"}', '']);
  });

  it.each<[string, string, (path: string) => Promise<unknown>]>([
    ['reading', 'GET', (path) => api.get(path)],
    ['reading a text', 'GET', (path) => api.text(path)],
    ['deleting', 'DELETE', (path) => api.delete(path)],
    ['posting', 'POST', (path) => api.post(path, {})],
  ])('refuses %s with what it says', async (_, method, ask) => {
    server.answer(`${method} /no`, { message: 'you may not' }, 403);
    await expect(ask('/no')).rejects.toThrow(`refuses ${method} /no: 403 you may not`);
    server.answer(`${method} /no`, { reason: 'other' }, 300);
    await expect(ask('/no')).rejects.toThrow(`refuses ${method} /no: 300 {"reason":"other"}`);
    server.answer(`${method} /no`, `no${'!'.repeat(300)}`, 500);
    await expect(ask('/no')).rejects.toThrow(new RegExp(`refuses ${method} /no: 500 no!{198}\n`));
  });

  it('refuses to post to what is not there', async () => {
    await expect(api.post('/none', {})).rejects.toThrow('refuses POST /none: 404 not found');
  });
});
