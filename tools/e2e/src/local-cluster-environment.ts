import { join } from 'node:path';
import type { Environment } from '@mlterra/core';
import { rehearseEnvironment, type RehearsedStack, type StepName } from '@mlterra/rehearsal';
import { resourcesOf, synthEnvironment } from '@mlterra/testing';
import { TemporaryWorkspace } from './temporary-workspace';

const STACKS = ['cluster', 'postgresql', 'versitygw', 'mlflow'];

const isFull = process.env.MLTERRA_TEST_FULL === '1';

/** They put the same objects on a cluster: without all tests one of them, by the seed of the run, goes the whole way for all. */
const LOCAL_CLUSTERS = ['k3s', 'kind', 'minikube'];

const goesTheWholeWay = (name: string): boolean => {
  const seed = Number(process.env.MLTERRA_TEST_SEED ?? Math.abs(jest.getSeed()));
  return isFull || name === LOCAL_CLUSTERS[seed % LOCAL_CLUSTERS.length];
};

/** For what is only to be applied. */
const APPLIED_ONLY: readonly StepName[] = ['validate', 'plan', 'second plan', 'change', 'destroy'];

const failuresIn = (rehearsed: readonly RehearsedStack[]): readonly string[] =>
  rehearsed.flatMap(({ key, steps }) =>
    steps.filter(({ status }) => status === 'failed').map(({ name, error }) => `${key} ${name}: ${error}`),
  );

export interface LocalClusterEnvironment {
  readonly environment: Environment;
  /** Absolute path of its folder. */
  readonly dir: string;
  /** Port on which `dev` publishes MLflow, as `environment.ts` has it. */
  readonly mlflowPort: number;
}

/** What every environment on a Kubernetes of this machine must hold: MLflow, PostgreSQL and an object store, in two stages. */
export function localClusterEnvironment({ environment, dir, mlflowPort }: LocalClusterEnvironment): void {
  const lakefsPort = mlflowPort + 2;
  describe(environment.name, () => {
    const stacks = synthEnvironment(environment);

    it('has the same stacks in both of its stages, of which prod is protected', () => {
      expect(environment.stageNames).toEqual(['dev', 'prod']);
      expect(environment.stageNames.map((stage) => environment.isProtected(stage))).toEqual([false, true]);
      expect(Object.keys(stacks)).toEqual(
        ['dev', 'prod'].flatMap((stage) => STACKS.map((stack) => `${stage}/${stack}`)),
      );
    });

    it('synthesises the same bytes every time, with no path of this machine in them', () => {
      expect(synthEnvironment(environment)).toEqual(stacks);
      expect(JSON.stringify(stacks)).not.toContain(dir);
    });

    it('keeps its stages apart', () => {
      const releases = Object.values(stacks).flatMap((stack) =>
        Object.values(resourcesOf(stack, 'helm_release')).map(({ name }) => name),
      );
      expect(new Set(releases).size).toBe(6);
      const published = [...JSON.stringify(stacks).matchAll(/"nodePort":(\d+)/g)].map(([, port]) => port);
      expect(new Set(published).size).toBe(2);
    });

    const whole = goesTheWholeWay(environment.name);

    it(`is applied${whole ? ', planned again and destroyed' : ''}, without touching this machine`, async () => {
      const { error, stacks: rehearsed } = await rehearseEnvironment(
        { definition: environment, dir },
        { without: whole ? [] : APPLIED_ONLY },
      );
      expect(error).toBeUndefined();
      expect(failuresIn(rehearsed)).toEqual([]);
      expect(rehearsed.map(({ steps }) => steps.at(-1)!.name)).toEqual(
        Array(8).fill(whole ? 'destroy' : 'apply'),
      );
    });

    (whole ? it : it.skip)('is rehearsed with lakeFS too, when it has a port', async () => {
      const workspace = await TemporaryWorkspace.create({
        environmentDir: dir,
        change: (source) =>
          source.replace(`mlflow: ${mlflowPort}`, `mlflow: ${mlflowPort}, lakefs: ${lakefsPort}`),
      });
      try {
        const copy = join(workspace.environment, 'environment.ts');
        const { default: definition } = (await import(copy)) as { default: Environment };
        const lakefs = synthEnvironment(definition)['dev/lakefs']!;
        expect(JSON.stringify(lakefs)).toContain(`"nodePort":${lakefsPort}`);

        const { error, stacks: rehearsed } = await rehearseEnvironment(
          { definition, dir: workspace.environment },
          { stage: 'dev', without: isFull ? [] : APPLIED_ONLY },
        );
        expect(error).toBeUndefined();
        expect(failuresIn(rehearsed)).toEqual([]);
        expect(rehearsed.map(({ key }) => key)).toEqual(
          [...STACKS, 'lakefs'].map((stack) => `${environment.name}/dev/${stack}`),
        );
      } finally {
        workspace.remove();
      }
    });
  });
}
