import { rehearseEnvironment } from '@mlterra/rehearsal';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import environment from './environment';

const OPERATORS = [
  'gateway-crds',
  'cert-manager',
  'issuers',
  'cloudnative-pg',
  'sealed-secrets',
  'nfs-driver',
];
const TOOLS = ['gateway', 'storage', 'seaweedfs', 'databases', 'redis', 'mlflow', 'lakefs', 'policies'];

const objectsOf = (stack: StackJson | undefined): ReturnType<typeof JSON.parse>[] =>
  (stack as ReturnType<typeof JSON.parse>)?.locals?.kubernetes_values?.objects ?? [];

/** The full tier goes the whole way with each of the fifteen stacks. */
const whole = Boolean(process.env.MLTERRA_TEST_FULL);

describe('core', () => {
  const stacks = synthEnvironment(environment);

  it('has operators once, and the tools in its stage', () => {
    expect(Object.keys(stacks).sort()).toEqual(
      [
        ...['cluster', ...OPERATORS].map((stack) => `shared/${stack}`),
        ...TOOLS.map((stack) => `dev/${stack}`),
      ].sort(),
    );
  });

  it('leads to MLflow and lakeFS by one gateway', () => {
    const routes = ['mlflow', 'lakefs'].map((tool) =>
      objectsOf(stacks[`dev/${tool}`]).find(({ kind }) => kind === 'HTTPRoute'),
    );
    expect(routes.map(({ spec }) => spec.hostnames)).toEqual([
      ['mlflow.dev.ml.example.org'],
      ['lakefs.dev.ml.example.org'],
    ]);
  });

  it(`is applied${whole ? ', planned again, changed and destroyed' : ''} in both of its stages`, async () => {
    const { error, stacks: rehearsed } = await rehearseEnvironment(
      { definition: environment, dir: __dirname },
      { without: whole ? [] : ['validate', 'second plan', 'change', 'destroy'] },
    );
    const failures = rehearsed.flatMap(({ key, steps }) =>
      steps.filter(({ status }) => status === 'failed').map((step) => `${key} ${step.name}: ${step.error}`),
    );
    expect(error).toBeUndefined();
    expect(failures).toEqual([]);
    expect(rehearsed.map(({ steps }) => steps.at(-1)!.name)).toEqual(
      Array(15).fill(whole ? 'destroy' : 'apply'),
    );
  }, 900_000);
});
