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
    ['a range', { version: '^1.2.0' }, '"^1.2.0"'],
    ['no version', { version: '' }, '""'],
    ['a repository without a scheme', { repository: 'charts.example.org' }, '"charts.example.org"'],
  ])('refuses %s', (_, wrong, given) => {
    expect(() => chartSource('dev-tool/Demo', { ...chart, ...wrong }, {})).toThrow(
      `dev-tool/Demo: the chart "cert-manager" cannot be taken from or at ${given}.`,
    );
  });
});
