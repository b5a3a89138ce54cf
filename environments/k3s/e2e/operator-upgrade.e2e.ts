import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lockProviders, succeeded, TemporaryWorkspace } from '@mlterra/e2e';
import {
  chartMirror,
  helmBinary,
  startKubernetes,
  terraformCliConfig,
  type KubernetesServer,
} from '@mlterra/testbed';
import * as terratest from '@mlterra/terratest-wrapper';

const ISSUERS = 'issuers.cert-manager.io';
const NAMESPACE = 'upgrade-dev-issuers';

/** In cert-manager 1.21, not in 1.20. */
const NEW_FIELD = 'waitInsteadOfSelfCheck';

/** A definition as the charts `trap` and `own` have it in their folder `crds`. */
function definition(kind: string, version: string): object {
  const singular = kind.toLowerCase();
  const properties = {
    color: { type: 'string' },
    ...(version === '1.0.0' ? {} : { size: { type: 'integer' } }),
  };
  const schema = { type: 'object', properties: { spec: { type: 'object', properties } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.example.org` },
    spec: {
      group: 'example.org',
      names: { kind, plural: `${singular}s`, singular },
      scope: 'Cluster',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

/** The tests below build on each other. */
describe('an operator whose definitions of kinds change, on a real cluster', () => {
  let cluster: KubernetesServer;
  let workspace: TemporaryWorkspace;
  let before: { readonly definition: string; readonly issuer: string };
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-upgrade-e2e-'));
  const mirror = join(folder, 'mirror');

  const kubectl = (...args: readonly string[]): string =>
    execFileSync(join(dirname(cluster.kubeconfig), 'bin', 'kubectl'), [...args], {
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    });
  /** What the API server says to an object, which is not made. */
  const refused = (object: object): string => {
    const { stdout, stderr } = spawnSync(
      join(dirname(cluster.kubeconfig), 'bin', 'kubectl'),
      ['create', '--dry-run=server', '--validate=strict', '--filename', '-'],
      {
        input: JSON.stringify(object),
        encoding: 'utf8',
        env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
      },
    );
    return stdout + stderr;
  };
  const uid = (...object: readonly string[]): string =>
    kubectl('get', ...object, '--output', 'jsonpath={.metadata.uid}');
  const thing = (kind: string) => ({
    apiVersion: 'example.org/v1',
    kind,
    metadata: { name: 'large' },
    spec: { color: 'red', size: 3 },
  });
  const definitions = (): string => kubectl('get', 'crds', '--output', 'name');

  async function packageChart(name: string, kind: string, version: string): Promise<void> {
    const chart = join(folder, name);
    mkdirSync(join(chart, 'crds'), { recursive: true });
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), JSON.stringify({ apiVersion: 'v2', name, version }));
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { version } };
    writeFileSync(join(chart, 'templates', 'config.yaml'), JSON.stringify(config));
    writeFileSync(join(chart, 'crds', 'crd.yaml'), JSON.stringify(definition(kind, version)));
    execFileSync(await helmBinary(), ['package', chart, '--destination', mirror], { stdio: 'ignore' });
  }

  beforeAll(async () => {
    terratest.cleanup(() => rmSync(folder, { recursive: true, force: true }));
    terratest.cleanup(() => cluster?.stop());
    terratest.cleanup(() => workspace?.remove());
    cpSync(await chartMirror(), mirror, { recursive: true });
    for (const version of ['1.0.0', '2.0.0']) {
      await packageChart('trap', 'Widget', version);
      await packageChart('own', 'Gadget', version);
    }
    process.env.TF_CLI_CONFIG_FILE = await terraformCliConfig('helm');
    cluster = await startKubernetes();
    workspace = await TemporaryWorkspace.create({
      environmentDir: join(__dirname, 'upgrade'),
      env: {
        K3S_KUBECONFIG: cluster.kubeconfig,
        K3S_CONTEXT: cluster.context,
        MLTERRA_CHART_MIRROR: mirror,
      },
    });
    await lockProviders(workspace, 'helm');
  });

  it('begins with the old ones, which do not know a new field', async () => {
    succeeded(await workspace.run('apply', '--json'));
    before = { definition: uid('crd', ISSUERS), issuer: uid('issuer', 'kept', '--namespace', NAMESPACE) };
    const schema = kubectl('get', 'crd', ISSUERS, '--output', 'json');
    expect(schema).not.toContain(NEW_FIELD);
    for (const kind of ['Widget', 'Gadget']) {
      expect(refused(thing(kind))).toContain('unknown field "spec.size"');
    }
  });

  it('upgrades them in place: objects made before stay, and may have the new field, in one apply', async () => {
    workspace.edit((source) =>
      source
        .replace(`CERT_MANAGER: string = 'v1.20.0'`, `CERT_MANAGER: string = 'v1.21.1'`)
        .replace(`DEMO: string = '1.0.0'`, `DEMO: string = '2.0.0'`)
        .replace('{ http01: { ingress: {} } }', `{ http01: { ingress: {} }, ${NEW_FIELD}: '30s' }`),
    );
    const run = await workspace.run('apply', '--json');
    succeeded(run);
    expect(run.statuses()).toMatchObject({
      'upgrade/dev/operator': 'applied',
      'upgrade/dev/issuers': 'applied',
    });
    expect({
      definition: uid('crd', ISSUERS),
      issuer: uid('issuer', 'kept', '--namespace', NAMESPACE),
    }).toEqual(before);
    expect(kubectl('get', 'issuer', 'kept', '--namespace', NAMESPACE, '--output', 'json')).toContain(
      `"${NEW_FIELD}": "30s"`,
    );
  });

  it('where a chart has them in its folder `crds` alone the old ones stay; those we put there are the new ones', () => {
    expect(
      kubectl(
        'get',
        'configmap',
        'trap',
        '--namespace',
        'upgrade-dev-trap',
        '--output',
        'jsonpath={.data.version}',
      ),
    ).toBe('2.0.0');
    expect(refused(thing('Widget'))).toContain('unknown field "spec.size"');
    expect(refused(thing('Gadget'))).toBe('gadget.example.org/large created (server dry run)\n');
  });

  it('is unchanged when applied again', async () => {
    const run = await workspace.run('apply', '--json');
    succeeded(run);
    expect([...new Set(Object.values(run.statuses()))]).toEqual(['unchanged']);
  });

  it('leaves those that are to be kept when it is destroyed, and no others of ours', async () => {
    succeeded(await workspace.run('destroy', '-c', 'dev', '--purge', '--yes', '--json'));
    expect(definitions()).toContain(ISSUERS);
    expect(uid('crd', ISSUERS)).toBe(before.definition);
    expect(definitions()).not.toContain('gadgets.example.org');
    expect(kubectl('get', 'issuers', '--all-namespaces', '--output', 'name')).toBe('');
  });
});
