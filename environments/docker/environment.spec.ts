import { join } from 'node:path';
import { TemporaryWorkspace } from '@mlterra/e2e';
import { rehearseEnvironment, type RehearsedStack } from '@mlterra/rehearsal';
import { synthEnvironment } from '@mlterra/testing';
import environment from './environment';

const STACKS = ['engine', 'postgresql', 'versitygw', 'mlflow'];

const failuresIn = (rehearsed: readonly RehearsedStack[]): readonly string[] =>
  rehearsed.flatMap(({ key, steps }) =>
    steps.filter(({ status }) => status === 'failed').map(({ name, error }) => `${key} ${name}: ${error}`),
  );

describe('docker', () => {
  const stacks = synthEnvironment(environment);

  it('has four stacks in each of its stages', () => {
    expect(environment.stageNames).toEqual(['dev', 'prod']);
    expect(Object.keys(stacks)).toEqual(
      environment.stageNames.flatMap((stage) => STACKS.map((stack) => `${stage}/${stack}`)),
    );
  });

  it('applies dev at once and prod only when it is named', () => {
    expect(environment.isProtected('dev')).toBe(false);
    expect(environment.isProtected('prod')).toBe(true);
  });

  it('publishes MLflow alone, on loopback and on a port of its own in each stage', () => {
    const published = Object.values(stacks).flatMap(({ resource = {} }) =>
      Object.values(resource.docker_container ?? {}).flatMap(({ ports = [] }) => ports as object[]),
    );
    expect(published).toEqual([
      { ip: '127.0.0.1', internal: 5000, external: 5510, protocol: 'tcp' },
      { ip: '127.0.0.1', internal: 5000, external: 5511, protocol: 'tcp' },
    ]);
  });

  it('synthesises the same bytes every time, with no path of this machine in them', () => {
    expect(synthEnvironment(environment)).toEqual(stacks);
    expect(JSON.stringify(stacks)).not.toContain(__dirname);
  });

  it('is applied, planned again and destroyed, without any engine', async () => {
    const { error, stacks: rehearsed } = await rehearseEnvironment(
      { definition: environment, dir: __dirname },
      { stage: 'dev' },
    );
    expect(error).toBeUndefined();
    expect(failuresIn(rehearsed)).toEqual([]);
    expect(rehearsed.map(({ key }) => key)).toEqual(STACKS.map((stack) => `docker/dev/${stack}`));
  });

  it('is rehearsed with lakeFS too, when it has a port', async () => {
    const workspace = await TemporaryWorkspace.create({
      environmentDir: __dirname,
      change: (source) => source.replace('mlflowPort: 5510', 'mlflowPort: 5510, lakefsPort: 5512'),
    });
    try {
      const copy = join(workspace.environment, 'environment.ts');
      const { default: definition } = (await import(copy)) as { default: typeof environment };
      const lakefs = synthEnvironment(definition)['dev/lakefs']!;
      const [{ ports = [] } = {}] = Object.values(lakefs.resource?.docker_container ?? {}).filter(
        ({ name }) => name === 'docker-dev-lakefs',
      );
      expect(ports).toMatchObject([{ ip: '127.0.0.1', internal: 8000, external: workspace.ports[5512] }]);

      const { error, stacks: rehearsed } = await rehearseEnvironment(
        { definition, dir: workspace.environment },
        {
          stage: 'dev',
          without: process.env.MLTERRA_TEST_FULL
            ? []
            : ['validate', 'plan', 'second plan', 'change', 'destroy'],
        },
      );
      expect(error).toBeUndefined();
      expect(failuresIn(rehearsed)).toEqual([]);
      expect(rehearsed.map(({ key }) => key)).toEqual(
        [...STACKS, 'lakefs'].map((stack) => `docker/dev/${stack}`),
      );
    } finally {
      workspace.remove();
    }
  });
});
