import { synthEnvironment } from '@mlterra/testing';
import { observeKubernetesCharts, observeKubernetesObjects } from './contract';
import { applyRelease, rehearsed } from './testing/applied';
import { exampleEnvironment } from './testing/example';

const CHART = {
  name: 'redis',
  namespace: 'dev-tool',
  chart: 'redis',
  repository: 'https://charts.example.org',
  version: '1.2.3',
  values: ['{"auth":{"enabled":true,"user":"a"}}', '{"auth":{"user":"b"},"list":[1]}'],
  atomic: true,
};

describe('observeKubernetesCharts', () => {
  it('reads a release with all its values, the later over the earlier', () => {
    expect(observeKubernetesCharts(rehearsed(CHART))).toEqual([
      {
        address: 'helm_release.kubernetes',
        stack: 'dev-tool',
        egress: 'free',
        namespace: 'dev-tool',
        chart: 'redis',
        repository: 'https://charts.example.org',
        version: '1.2.3',
        values: { auth: { enabled: true, user: 'b' }, list: [1] },
        plainText: CHART.values,
        atomic: true,
      },
    ]);
  });

  it('knows no values where some of them cannot be read, and tells what Helm is given in the open', () => {
    const set = [{ name: 'auth.password', value: 'open' }];
    const [chart] = observeKubernetesCharts(rehearsed({ ...CHART, set }));
    expect(chart).toMatchObject({ values: undefined, plainText: [...CHART.values, 'open'] });
    const [yaml] = observeKubernetesCharts(rehearsed({ ...CHART, values: ['auth: yes'], atomic: null }));
    expect(yaml).toMatchObject({ values: undefined, atomic: false });
  });
});

describe('observeKubernetesObjects', () => {
  it('reads all objects of a release, and of its Secrets the keys', () => {
    const environment = exampleEnvironment((stack, cluster) => {
      const password = cluster.generateSecret(stack, 'Password');
      cluster.addSecret(stack, 'Login', { type: 'kubernetes.io/basic-auth', data: { password } });
      const spec = { secret: { name: 'login' } };
      const object = { apiVersion: 'example.org/v1', kind: 'Server', metadata: { name: 'one' } };
      cluster.addObjects(stack, 'Server', [{ ...object, content: { spec } }]);
    });
    const applied = rehearsed(applyRelease(synthEnvironment(environment)['dev/tool']!, 'hush'));
    const facts = observeKubernetesObjects(applied);
    expect(facts.map(({ kind, namespace, name }) => [kind, namespace, name])).toEqual([
      ['Namespace', undefined, 'dev-tool'],
      ['NetworkPolicy', 'dev-tool', 'default-deny'],
      ['Server', 'dev-tool', 'one'],
      ['Secret', 'dev-tool', 'password'],
      ['Secret', 'dev-tool', 'login'],
    ]);
    expect(facts[2]).toMatchObject({
      address: 'helm_release.kubernetes Server one',
      stack: 'dev-tool',
      apiVersion: 'example.org/v1',
      manifest: { spec: { secret: { name: 'login' } } },
    });
    expect(facts[4]!.manifest).toMatchObject({ type: 'kubernetes.io/basic-auth', data: { password: '' } });
    expect(JSON.stringify(facts)).not.toContain('hush');
    expect(observeKubernetesCharts(applied)).toEqual([]);
  });
});
