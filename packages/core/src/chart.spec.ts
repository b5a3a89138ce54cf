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

  it.each(['1.2.3', 'v1.2.3', '10.20.30', '1.2.3-rc.1', '1.2.3+build.5', 'v1.2.3-rc-1.x+b_2'])(
    'takes the version %j',
    (version) => {
      expect(chartSource('dev-tool/Demo', { ...chart, version }, {}).version).toBe(version);
    },
  );

  it.each([
    '1.2',
    'x1.2.3',
    '1.2.3 ',
    ' 1.2.3',
    '>=1.2.3',
    '1.2.x',
    '1.2.3-',
    '1.2.3+',
    '1.2.3-rc 1',
    'vv1.2.3',
    '1..3',
  ])('refuses the version %j', (version) => {
    expect(() => chartSource('dev-tool/Demo', { ...chart, version }, {})).toThrow(
      `the version "${version}" of the chart "cert-manager" names no single release.`,
    );
  });

  it.each(['https://charts.example.org', 'https://h/a/b/', 'oci://h', 'oci://h:5000/a'])(
    'takes a chart from the repository %j',
    (repository) => {
      expect(chartSource('dev-tool/Demo', { ...chart, repository }, {}).repository).toBe(repository);
    },
  );

  it.each([
    'http://h',
    'xhttps://h',
    'https://',
    'https:///a',
    'https://a b',
    'oci://h/a b',
    'file:///a',
    'oci://h ',
  ])('refuses the repository %j', (repository) => {
    expect(() => chartSource('dev-tool/Demo', { ...chart, repository }, {})).toThrow(
      `"${repository}" names no repository that the chart "cert-manager" can be taken from.`,
    );
  });

  it.each([
    'https://mirror.example.org',
    'oci://',
    'oci:///a',
    'xoci://h',
    'oci://h/a b',
    'oci://a b',
    './charts',
  ])('refuses the mirror %j', (mirror) => {
    expect(() => chartSource('dev-tool/Demo', chart, { MLTERRA_CHART_MIRROR: mirror })).toThrow(
      `MLTERRA_CHART_MIRROR is "${mirror}", which names no place for charts.`,
    );
  });

  it('takes it from its own repository where the mirror is empty', () => {
    expect(chartSource('dev-tool/Demo', chart, { MLTERRA_CHART_MIRROR: '' }).repository).toBe(
      chart.repository,
    );
  });

  it('checks version and repository with a mirror, too', () => {
    const mirror = { MLTERRA_CHART_MIRROR: '/srv/charts' };
    expect(() => chartSource('dev-tool/Demo', { ...chart, version: '1' }, mirror)).toThrow(
      'no single release',
    );
    expect(() => chartSource('dev-tool/Demo', { ...chart, repository: 'h' }, mirror)).toThrow(
      'no repository',
    );
  });

  it('reads the mirror from the environment of the process', () => {
    const before = process.env.MLTERRA_CHART_MIRROR;
    process.env.MLTERRA_CHART_MIRROR = 'oci://mirror.example.org';
    try {
      expect(chartSource('dev-tool/Demo', chart).repository).toBe('oci://mirror.example.org');
    } finally {
      if (before === undefined) delete process.env.MLTERRA_CHART_MIRROR;
      else process.env.MLTERRA_CHART_MIRROR = before;
    }
  });
});
