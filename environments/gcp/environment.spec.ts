import { synthEnvironment } from '@mlterra/testing';
import environment from './environment';

describe('gcp', () => {
  const stacks = synthEnvironment(environment);

  it('shares services and foundation, and has three stacks in each of its stages, and the way in of prod', () => {
    expect(environment.stageNames).toEqual(['shared', 'dev', 'staging', 'prod']);
    expect(Object.keys(stacks)).toEqual([
      'shared/services',
      'shared/foundation',
      ...['dev', 'staging'].flatMap((stage) =>
        ['cluster', 'database', 'mlflow'].map((stack) => `${stage}/${stack}`),
      ),
      ...[
        'cluster',
        'database',
        'mlflow',
        'dns',
        'cert-manager',
        'gateway-api',
        'envoy-gateway',
        'gateway',
      ].map((stack) => `prod/${stack}`),
    ]);
  });

  it('applies dev and staging at once; prod, and what it shares, only when named', () => {
    expect(environment.stageNames.filter((stage) => environment.isProtected(stage))).toEqual([
      'shared',
      'prod',
    ]);
  });

  it('names no credentials', () => {
    const providers = Object.values(stacks).map(({ provider }) => provider);
    expect(JSON.stringify(providers)).not.toMatch(/credentials|access_token|keyfile|password/i);
  });

  it('synthesises the same bytes every time, with no path of this machine in them', () => {
    expect(synthEnvironment(environment)).toEqual(stacks);
    expect(JSON.stringify(stacks)).not.toContain(__dirname);
  });
});
