import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '@mlterra/catalogue';
import { chartMirror, helmBinary, isChartMirrorMade, isHelmBuilt } from '@mlterra/testbed';
import { parseAllDocuments } from 'yaml';
import { AcmeIssuer, CaIssuer } from './index';
import { chartValues, grantees, objects, synthExample, zone, type Json } from './testing/example';

const withCharts =
  (isHelmBuilt() && isChartMirrorMade()) || process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

const values = (props: Parameters<typeof synthExample>[1] = {}): Json =>
  chartValues(synthExample(undefined, props)['dev/cert-manager']);

describe('CertManager', () => {
  it('keeps the shape of its stacks', () => {
    const { 'dev/cert-manager': operator, 'dev/tool': tool } = synthExample(
      ({ certManager, stack }) => {
        const acme = new AcmeIssuer(stack, 'acme', { certManager, email: 'admin@example.org' });
        acme.addCertificate(stack, 'certificate', { dnsNames: ['*.example.org'] });
        new CaIssuer(stack, 'ca', { certManager });
      },
      { profile: 'production', zones: [zone] },
    );
    expect({ operator, tool }).toMatchSnapshot();
  });

  it('runs more than once where the profile says so, and keeps its kinds where it protects', () => {
    const { crds, replicaCount, webhook, cainjector } = values({ profile: 'production' });
    expect([replicaCount, webhook.replicaCount, cainjector.replicaCount]).toEqual([2, 3, 2]);
    expect([crds.keep, webhook.podDisruptionBudget.enabled]).toEqual([true, true]);
    const development = values();
    expect([development.replicaCount, development.crds.keep]).toEqual([1, false]);
    expect(development).not.toHaveProperty('podDisruptionBudget');
  });

  it('changes zones as an identity of its own', () => {
    grantees.length = 0;
    const stack = synthExample(undefined, { zones: [zone], profile: 'production' })['dev/cert-manager'];
    const { serviceAccount, dns01RecursiveNameserversOnly } = chartValues(stack);
    expect(grantees).toEqual([serviceAccount.name]);
    expect([serviceAccount.create, dns01RecursiveNameserversOnly]).toEqual([false, true]);
    const egress = objects(stack, 'NetworkPolicy').flatMap(({ spec }) => spec.egress ?? []);
    expect(egress).toContainEqual({
      to: [{ ipBlock: { cidr: '192.0.2.53/32' } }],
      ports: [{ protocol: 'TCP', port: 443 }],
    });
  });

  it('looks at gateways when it is told that their kinds are there', () => {
    expect(values()).not.toHaveProperty('config');
    expect(values({ gatewayApi: true }).config).toMatchObject({ enableGatewayAPI: true });
  });
});

withCharts('the chart with our values', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mlterra-cert-manager-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const template = async (given: Json, namespace = 'dev-cert-manager'): Promise<Json[]> => {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(given));
    const { name, version } = catalogue.certManager.chart;
    const chart = join(await chartMirror(), `${name}-${version}.tgz`);
    const options = ['--values', file, '--namespace', namespace, '--kube-version', '1.35.4'];
    const printed = execFileSync(await helmBinary(), ['template', name, chart, ...options], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: 'pipe',
    });
    return parseAllDocuments(printed).flatMap((document) => document.toJS() ?? []);
  };

  it('agrees with the schema, and makes pods that keep to the strictest standard', async () => {
    const rendered = await template(values({ profile: 'production', zones: [zone] }));
    const pods = rendered.filter(({ kind }) => ['Deployment', 'Job'].includes(kind));
    expect(pods.map(({ metadata }) => metadata.name)).toEqual([
      'cert-manager-cainjector',
      'cert-manager',
      'cert-manager-webhook',
      'cert-manager-startupapicheck',
    ]);
    for (const { spec } of pods) {
      const { securityContext, containers } = spec.template.spec;
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of containers) {
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources.limits).toHaveProperty('memory');
      }
    }
    expect(rendered.filter(({ kind }) => kind === 'PodDisruptionBudget')).toHaveLength(3);
    expect(rendered.filter(({ kind }) => kind === 'CustomResourceDefinition')).toHaveLength(6);
  }, 60_000);

  it('runs the controller as the identity, and the webhook on the port that is let in', async () => {
    const stack = synthExample()['dev/cert-manager'];
    const rendered = await template(chartValues(stack));
    const pod = (name: string): Json =>
      rendered.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name).spec.template;
    expect(pod('cert-manager').spec).toMatchObject({
      serviceAccountName: objects(stack, 'ServiceAccount')[0].metadata.name,
      automountServiceAccountToken: true,
    });
    const policy = objects(stack, 'NetworkPolicy').find(({ metadata }) => metadata.name !== 'default-deny');
    const { labels } = pod('cert-manager-webhook').metadata;
    expect(labels).toMatchObject(policy.spec.podSelector.matchLabels);
    const ports = pod('cert-manager-webhook').spec.containers[0].ports as { containerPort: number }[];
    expect(ports.map(({ containerPort }) => containerPort)).toContain(policy.spec.ingress[0].ports[0].port);
  }, 60_000);

  it('refuses a value that the chart does not have', async () => {
    await expect(template({ ...values(), replicas: 3 })).rejects.toThrow(
      /additional properties 'replicas' not allowed/,
    );
  }, 60_000);
});
