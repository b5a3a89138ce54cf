import { synthEnvironment } from '@mlterra/testing';
import environment from './environment';

describe('quickstart', () => {
  const stacks = synthEnvironment(environment);

  it('has two stacks in each of its stages', () => {
    expect(environment.stageNames).toEqual(['dev', 'prod']);
    expect(Object.keys(stacks)).toEqual(['dev/postgresql', 'dev/mlflow', 'prod/postgresql', 'prod/mlflow']);
  });

  it('applies dev at once and prod only when it is named', () => {
    expect(environment.isProtected('dev')).toBe(false);
    expect(environment.isProtected('prod')).toBe(true);
  });

  it.each(['dev', 'prod'])('keeps the shape of the stacks of %s', (stage) => {
    expect({
      postgresql: stacks[`${stage}/postgresql`],
      mlflow: stacks[`${stage}/mlflow`],
    }).toMatchSnapshot();
  });

  it('synthesises the same bytes every time, with no path of this machine in them', () => {
    expect(synthEnvironment(environment)).toEqual(stacks);
    expect(JSON.stringify(stacks)).not.toContain(__dirname);
  });

  it('gives no two servers of the environment one port', () => {
    const ports = [
      ...JSON.stringify(stacks).matchAll(/"service_[a-z]+":\{"value":\{[^}]*"url":"[^"]*:(\d+)"/g),
    ];
    expect(new Set(ports.map(([, port]) => port)).size).toBe(4);
  });
});
