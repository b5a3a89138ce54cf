import { rehearseEnvironment } from '@mlterra/rehearsal';
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

  it('is applied, planned again and destroyed, without touching this machine', async () => {
    const { error, stacks: rehearsed } = await rehearseEnvironment({
      definition: environment,
      dir: __dirname,
    });
    expect(error).toBeUndefined();
    const failures = rehearsed.flatMap(({ key, steps }) =>
      steps
        .filter(({ status }) => status === 'failed')
        .map(({ name, error: why }) => `${key} ${name}: ${why}`),
    );
    expect(failures).toEqual([]);
    expect(Object.fromEntries(rehearsed.map(({ key, steps }) => [key, steps.at(-1)]))).toEqual(
      Object.fromEntries(
        environment.stageNames
          .flatMap((stage) => ['postgresql', 'mlflow'].map((stack) => `quickstart/${stage}/${stack}`))
          .map((key) => [key, expect.objectContaining({ name: 'destroy', note: '1 destroyed' })]),
      ),
    );
  });
});
