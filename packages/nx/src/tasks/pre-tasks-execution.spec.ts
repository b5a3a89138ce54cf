/** @long */
import { TemporaryWorkspace } from '../testing/temporary-workspace';

let workspace: TemporaryWorkspace;

function definition(stages: string): string {
  return `throw new Error('was run'); export default defineEnvironment({ stages: ${stages} });`;
}

beforeAll(() => {
  workspace = new TemporaryWorkspace();
  workspace.write('environments/lab/environment.ts', definition('{ dev: {}, prod: {} }'));
  workspace.write('environments/two/environment.ts', definition('{ dev: {} }'));
  workspace.write(
    'environments/lab/package.json',
    JSON.stringify({
      name: 'lab',
      nx: {
        targets: {
          everything: { executor: 'nx:noop', dependsOn: [{ projects: ['two'], target: 'output' }] },
        },
      },
    }),
  );
  workspace.write(
    'environments/two/package.json',
    JSON.stringify({
      name: 'two',
      nx: {
        targets: {
          deploy: { executor: 'nx:noop', dependsOn: ['apply'] },
          package: { executor: 'nx:noop', configurations: { nosuch: {} } },
        },
      },
    }),
  );
});
afterAll(() => workspace.remove());

/** Ways to name a stage. Without all tests two of them, by the seed of the run: each takes a start of Nx. */
const WAYS = [
  'apply lab -c nosuch',
  'plan lab --configuration=nosuch',
  'run lab:destroy:nosuch',
  'run-many -t drift apply -c nosuch',
  'affected -t apply --files=environments/lab/environment.ts -c nosuch',
  'output lab --stage nosuch',
  'deploy two -c nosuch',
];
const seed = Number(process.env['MLTERRA_TEST_SEED'] ?? Math.abs(jest.getSeed()));
const tried =
  process.env['MLTERRA_TEST_FULL'] === '1'
    ? WAYS
    : [seed, seed + 3].map((number) => WAYS[number % WAYS.length]!);

describe('a stage that no environment has', () => {
  it.each(tried)('is refused before any work: nx %s', async (commandLine) => {
    const { code, text } = await workspace.nx(...commandLine.split(' '));
    expect(text).toMatch(
      /No environment has a stage "nosuch"\.\n+ {2}expected: one of: dev, prod\n {2}to do: +correct the name after -c/,
    );
    expect(text).not.toContain('was run');
    expect(code).not.toBe(0);
  });

  it('is no concern of targets that are not ours', async () => {
    const { code, text } = await workspace.nx('package', 'two', '-c', 'nosuch');
    expect(text).toContain('Successfully ran target package');
    expect(code).toBe(0);
  });
});

describe('a stage that only another environment has', () => {
  const refusal =
    /The environment two has no stage "prod"\.\n+ {2}expected: one of: dev\n {2}to do: +correct the name/;
  /** Without all tests two of them, as above. */
  const ways = [
    'apply two -c prod',
    'plan two --configuration=prod',
    'run two:destroy:prod',
    'output --project=two -c prod',
    'deploy two -c prod',
  ];
  const some =
    process.env['MLTERRA_TEST_FULL'] === '1'
      ? ways
      : [0, 2].map((step) => ways[(seed + step) % ways.length]!);

  it.each(some)('is refused before any work where the environment is named: nx %s', async (commandLine) => {
    const { code, text } = await workspace.nx(...commandLine.split(' '));
    expect(text).toMatch(refusal);
    expect(text).not.toContain('was run');
    expect(code).not.toBe(0);
  });

  it('is refused where the environment is that of the current folder', async () => {
    const { code, text } = await workspace.nxIn('environments/two', 'plan', '-c', 'prod');
    expect(text).toMatch(refusal);
    expect(code).not.toBe(0);
  });

  it('is no error where the project that is named is another one', async () => {
    const { text } = await workspace.nx('everything', 'lab', '-c', 'prod');
    expect(text).not.toMatch(refusal);
    // Its task came as far as loading the environment.
    expect(text).toContain('was run');
  });
});

describe('an environment whose stages cannot be read', () => {
  it('is named with the line', async () => {
    const broken = new TemporaryWorkspace();
    try {
      broken.write(
        'environments/lab/environment.ts',
        'export default defineEnvironment({\n stages: names() });',
      );
      const { code, text } = await broken.nx('apply', 'lab');
      expect(text).toMatch(
        /environments\/lab\/environment\.ts:2:10: the stages cannot be read without running the file/,
      );
      expect(code).toBe(1);
    } finally {
      broken.remove();
    }
  });
});
