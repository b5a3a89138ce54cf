import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterApi } from './cluster-api';

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
});
