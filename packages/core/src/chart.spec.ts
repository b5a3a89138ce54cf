import { chartSource } from './chart';

const chart = { repository: 'oci://quay.io/jetstack/charts', name: 'cert-manager', version: 'v1.21.1' };

describe('chartSource', () => {
  it('takes a chart from its own repository', () => {
    expect(chartSource('dev-tool/Demo', chart, {})).toEqual({
      chart: 'cert-manager',
      repository: 'oci://quay.io/jetstack/charts',
      version: 'v1.21.1',
    });
  });

  it('takes it from a registry or from a folder when told to', () => {
    const from = (mirror: string) => chartSource('dev-tool/Demo', chart, { MLTERRA_CHART_MIRROR: mirror });
    expect(from('oci://mirror.example.org/charts/')).toEqual({
      chart: 'cert-manager',
      repository: 'oci://mirror.example.org/charts',
      version: 'v1.21.1',
    });
    expect(from('/srv/charts')).toEqual({ chart: '/srv/charts/cert-manager-v1.21.1.tgz' });
    expect(() => from('charts')).toThrow(
      'MLTERRA_CHART_MIRROR is "charts", which names no place for charts.',
    );
  });

  it.each([
    [
      'a range',
      { version: '~1.2' },
      'the version "~1.2" of the chart "cert-manager" names no single release.\n  expected: one version, e.g. 1.2.3',
    ],
    [
      'no version',
      { version: '' },
      'the version "" of the chart "cert-manager" names no single release.\n  expected: one version',
    ],
    [
      'a repository without a scheme',
      { repository: 'charts.example.org' },
      '"charts.example.org" names no repository that the chart "cert-manager" can be taken from.\n  expected: an address that begins with https:// or oci://',
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => chartSource('dev-tool/Demo', { ...chart, ...wrong }, {})).toThrow(
      `dev-tool/Demo: ${message}`,
    );
  });
});
