import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '@mlterra/catalogue';
import { chartMirror, helmBinary, isChartMirrorMade, isHelmBuilt } from '@mlterra/testbed';
import type { StackJson } from '@mlterra/testing';
import { parseAllDocuments, parse } from 'yaml';
import { EnvoyGateway } from './index';
import { objects, synth, type Found } from './testing/synth';

const withCharts =
  (isHelmBuilt() && isChartMirrorMade()) || process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

withCharts('the chart of Envoy Gateway with our values', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-envoy-gateway-'));
  let operator: StackJson;
  let rendered: readonly Found[];

  beforeAll(async () => {
    operator = synth(
      ({ platform, stack }) => void new EnvoyGateway(stack('envoy-gateway'), 'envoy-gateway', { platform }),
      { profile: 'production' },
    )['envoy-gateway']!;
    const { locals } = operator as unknown as { locals: Record<string, Found> };
    const values = join(folder, 'values.json');
    writeFileSync(values, JSON.stringify(Object.values(locals).find((local) => 'topologyInjector' in local)));
    const { name, version } = catalogue.envoyGateway.chart;
    const chart = join(await chartMirror(), `${name}-${version}.tgz`);
    const options = ['--values', values, '--namespace', 'dev-envoy-gateway', '--kube-version', '1.35.4'];
    const printed = execFileSync(await helmBinary(), ['template', 'dev-envoy-gateway', chart, ...options], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    rendered = parseAllDocuments(printed).flatMap((document) => document.toJS() ?? []);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ofKind = (kind: string): readonly Found[] => rendered.filter((each) => each.kind === kind);

  it('makes pods that keep to the strictest standard', () => {
    const pods = [...ofKind('Deployment'), ...ofKind('Job')];
    expect(pods).toHaveLength(2);
    for (const { spec } of pods) {
      expect(spec.template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(spec.template.spec.containers[0].securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('makes proxies beside their gateways, of its stage only, under a name of its own', () => {
    const [{ data }] = ofKind('ConfigMap');
    expect(parse(data['envoy-gateway.yaml'])).toMatchObject({
      gateway: { controllerName: 'gateway.envoyproxy.io/dev-envoy-gateway' },
      provider: {
        kubernetes: {
          deploy: { type: 'GatewayNamespace' },
          watch: {
            type: 'NamespaceSelector',
            namespaceSelector: {
              matchLabels: { 'mlterra.dev/environment': 'demo', 'mlterra.dev/stage': 'dev' },
            },
          },
        },
      },
    });
    for (const { metadata } of ofKind('ClusterRole')) expect(metadata.name).toMatch(/^dev-envoy-gateway/);
  });

  it('changes no pods of others, and brings no kinds', () => {
    expect(ofKind('MutatingWebhookConfiguration')).toEqual([]);
    expect(ofKind('CustomResourceDefinition')).toEqual([]);
  });

  it('listens on the ports that proxies are let in by', () => {
    const [{ spec }] = ofKind('Deployment');
    expect(spec.replicas).toBe(2);
    const listening = spec.template.spec.containers[0].ports.map((each: Found) => each.containerPort);
    const policies = objects(operator, 'NetworkPolicy').filter(({ spec: policy }) => policy.ingress);
    expect(policies).toHaveLength(2);
    for (const { spec: policy } of policies) {
      expect(listening).toContain(policy.ingress[0].ports[0].port);
      expect(spec.template.metadata.labels).toMatchObject(policy.podSelector.matchLabels);
    }
  });
});
