import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kubeconfig } from './hook-data';
import { hooks } from './hooks';

const stack = { environment: 'demo', stage: 'dev', stack: 'tool', environmentDir: '/' };

describe('where a kubeconfig leads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  const variables = ['KUBE_HOST', 'KUBE_CONFIG_PATHS', 'KUBE_CTX_CLUSTER'];
  const before = { ...process.env };
  afterEach(() => {
    for (const name of [...variables, 'HELM_DRIVER']) delete process.env[name];
  });
  afterAll(() => {
    Object.assign(process.env, before);
    rmSync(folder, { recursive: true });
  });

  /** A kubeconfig whose contexts `one` and `two` lead to the servers `a` and `b`. */
  const write = (a: object, b: object = { server: 'https://b:6443' }): void =>
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        clusters: [
          { name: 'b', cluster: b },
          { name: 'a', cluster: a },
        ],
        contexts: [
          { name: 'two', context: { cluster: 'b' } },
          { name: 'one', context: { cluster: 'a' } },
          { name: 'lost', context: { cluster: 'c' } },
        ],
      }),
    );
  const targets = (cluster: Partial<Kubeconfig> | null = {}) =>
    hooks.targets!({
      ...stack,
      data: { cluster: cluster && { kubeconfig, context: 'one', ...cluster } },
    });
  const only = async (cluster?: Partial<Kubeconfig>) => {
    const found = Object.entries(await targets(cluster));
    expect(found).toHaveLength(1);
    return { name: found[0]![0], ...found[0]![1] };
  };

  it('is the server behind the context that the source names, which is a part of the name', async () => {
    write({ server: 'https://me:secret@a:6443/' });
    const where = `the context "one" of ${kubeconfig}`;
    expect(await only()).toEqual({
      name: `Kubernetes cluster of ${where}`,
      value: 'https://a:6443',
      from: where,
    });
    expect(await only({ context: 'two' })).toMatchObject({
      name: `Kubernetes cluster of the context "two" of ${kubeconfig}`,
      value: 'https://b:6443',
    });
  });

  it('is read from YAML too', async () => {
    writeFileSync(
      kubeconfig,
      'apiVersion: v1\nclusters:\n- name: a\n  cluster: {server: "https://a:1"}\ncontexts:\n- name: one\n  context:\n    cluster: a\n',
    );
    expect((await only()).value).toBe('https://a:1');
  });

  it.each<[string, Partial<Kubeconfig>]>([
    ['that variables name', { hint: 'set DEMO_CONTEXT' }],
    ['that is the current one', { origin: 'current-context' }],
  ])('has one name, whatever the context %s', async (_, cluster) => {
    write({ server: 'https://a:6443' });
    const [one, two] = [await only(cluster), await only({ ...cluster, context: 'two' })];
    expect([one, two]).toMatchObject([
      { name: 'Kubernetes cluster', value: 'https://a:6443', inSource: expect.any(String) },
      { name: 'Kubernetes cluster', value: 'https://b:6443', from: expect.stringContaining('"two"') },
    ]);
  });

  it.each<[string, () => Partial<Kubeconfig>]>([
    ['there is no file', () => ({ kubeconfig: '/nonexistent/config' })],
    ['there is no context', () => ({ context: 'nowhere' })],
    ['the context has no cluster', () => ({ context: 'lost' })],
    [
      'the file is none',
      () => {
        writeFileSync(kubeconfig, '{');
        return {};
      },
    ],
  ])('is not told where %s', async (_, cluster) => {
    write({ server: 'https://a:6443' });
    expect((await only(cluster())).value).toBeUndefined();
  });

  it('is known by its certificates where the port changes with every start', async () => {
    const identity = async (cluster: object): Promise<string | undefined> => {
      write(cluster);
      return (await only({ changesPort: true })).identity;
    };
    const authority = Buffer.from('one').toString('base64');
    const file = join(folder, 'ca.crt');
    writeFileSync(file, 'one');
    const one = await identity({ server: 'https://127.0.0.1:1', 'certificate-authority-data': authority });
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await identity({ server: 'https://127.0.0.1:2', 'certificate-authority-data': authority })).toBe(
      one,
    );
    expect(await identity({ server: 'https://127.0.0.1:2', 'certificate-authority': 'ca.crt' })).toBe(one);
    expect(await identity({ server: 'https://127.0.0.1:2', 'certificate-authority': file })).toBe(one);
    writeFileSync(file, 'two');
    const two = await identity({ server: 'https://127.0.0.1:2', 'certificate-authority': file });
    expect(two).not.toBe(one);
    expect(await identity({ server: 'https://127.0.0.1:2' })).toBeUndefined();
    expect(
      await identity({ server: 'https://127.0.0.1:2', 'certificate-authority': 'gone' }),
    ).toBeUndefined();
    write({ server: 'https://127.0.0.1:1', 'certificate-authority-data': authority });
    expect((await only()).identity).toBeUndefined();
  });

  it('is nowhere for a cluster that the environment makes, and for one of a cloud', async () => {
    write({ server: 'https://127.0.0.1:40001' });
    expect(await targets({ origin: 'made' })).toEqual({});
    expect(await targets(null)).toEqual({});
  });

  it('is refused where Helm would keep its records elsewhere, on clusters of clouds too', async () => {
    write({ server: 'https://a:6443' });
    process.env.HELM_DRIVER = 'configmap';
    for (const cluster of [{}, null]) {
      await expect(targets(cluster)).rejects.toThrow(
        /HELM_DRIVER is "configmap"[^]*"secret"[^]*unset HELM_DRIVER/,
      );
    }
    for (const same of ['secret', '']) {
      process.env.HELM_DRIVER = same;
      expect((await only()).value).toBe('https://a:6443');
    }
  });

  it.each(variables)('is refused where %s would lead Helm elsewhere', async (variable) => {
    write({ server: 'https://a:6443' });
    process.env[variable] = 'https://me:secret@elsewhere';
    const message = new RegExp(`${variable} is set[^]*the context "one" of [^]*unset ${variable}`);
    for (const cluster of [{}, { origin: 'made' as const }]) {
      await expect(targets(cluster)).rejects.toThrow(message);
      await expect(targets(cluster)).rejects.not.toThrow('secret');
    }
    expect(await targets(null)).toEqual({});
  });
});
