import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startJest } from './testing/child-jest';
import { folderWith } from './testing/module-folder';
import { describeTerratest } from './testing/needs-terratest';
import { fileToAppear, until } from './testing/until';

/** Takes until the provisioner is told to end, and leaves a mark when it has begun. */
const SLOW = `
resource "terraform_data" "first" {}
resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" {
    command = "touch begun; exec sleep 300"
  }
}`;
const itInFull = process.env['MLTERRA_TEST_FULL'] ? it : it.skip;
const LOCK = '.terraform.tfstate.lock.info';

const head = `
  import { appendFileSync } from 'node:fs';
  import * as terratest from '@mlterra/terratest-wrapper';
  const options = { terraformDir: __dirname };
  const note = (text: string) => appendFileSync(__dirname + '/notes', text + '\\n');`;
const destroying = `
  terratest.cleanup(() => note('first registered'));
  terratest.cleanup(async () => note('destroy: ' + /\\d+ destroyed/.exec(await terratest.destroy(options))));`;

const notes = (folder: string): string[] => readFileSync(join(folder, 'notes'), 'utf8').trim().split('\n');
const resources = (folder: string): unknown[] =>
  (JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')) as { resources: unknown[] }).resources;

describe('clean-ups', () => {
  it('run the last one first, all of them, after tests that fail; one that fails fails the run', async () => {
    const folder = folderWith({
      'x.test.ts': `${head}
        test('one', () => {
          terratest.cleanup(() => note('one'));
          terratest.cleanup(() => { throw new Error('cannot be removed'); });
          terratest.cleanup(async () => note('three'));
          throw new Error('the test is broken');
        });
        test('two', () => terratest.cleanup(() => note('four')));
        afterAll(() => note('hooks of the file'));`,
    });
    const { end, printed } = await startJest(folder).ended;
    expect(notes(folder)).toEqual(['four', 'three', 'one', 'hooks of the file']);
    expect(printed).toMatch(
      /1 of 4 clean-ups failed; what they are for may still exist:\s+- cannot be removed/,
    );
    expect(end).toBe(1);
  });
});

describeTerratest('what a test began', () => {
  it('ends in order when the test times out, and is destroyed', async () => {
    const folder = folderWith({
      'main.tf': SLOW,
      'x.test.ts': `${head}
        import { existsSync } from 'node:fs';
        beforeAll(() => terratest.init(options), 60000);
        test('times out', async () => {
          ${destroying}
          await terratest.apply(options).catch((error) => note(error.code));
          await terratest.retry('again', () => note('tried')).catch(() => undefined);
        }, 2500);
        test('the next one', () => note('locked: ' + existsSync(__dirname + '/${LOCK}')));`,
    });
    const { end, printed } = await startJest(folder).ended;
    expect(printed).toContain('Exceeded timeout of 2500 ms');
    expect(notes(folder)).toEqual([
      'terratest-cancelled',
      'tried',
      'locked: false',
      expect.stringMatching(/^destroy: \d destroyed$/),
      'first registered',
    ]);
    expect(resources(folder)).toEqual([]);
    expect(end).toBe(1);
  });

  const test = `${head}
    test('is interrupted', async () => {
      ${destroying}
      await terratest.init(options);
      await terratest.apply(options).catch((error) => note(error.code));
      await terratest.plan(options).catch((error) => note(error.code));
    });`;
  const afterwards = [
    'terratest-cancelled',
    'terratest-refused',
    expect.stringMatching(/^destroy: [12] destroyed$/),
    'first registered',
  ];

  it.each(['SIGINT', 'SIGTERM'] as const)('is destroyed when %s ends Jest', async (signal) => {
    const folder = folderWith({ 'main.tf': SLOW, 'x.test.ts': test });
    const jest = startJest(folder);
    await fileToAppear(join(folder, 'begun'));
    jest.process.kill(signal);
    const { end, printed } = await jest.ended;
    expect(notes(folder)).toEqual(afterwards);
    expect(resources(folder)).toEqual([]);
    expect(printed).toContain(`${signal}: ending what runs, and cleaning up.`);
    expect(end).toBe(signal);
  });

  it('is destroyed by a worker whose Jest was killed', async () => {
    const folder = folderWith({
      'main.tf': SLOW,
      'x.test.ts': test,
      'y.test.ts': "test('other', () => undefined);",
    });
    const jest = startJest(folder, {}, ['--maxWorkers=2', '--runInBand=false']);
    await fileToAppear(join(folder, 'begun'));
    jest.process.kill('SIGKILL');
    await until(() => existsSync(join(folder, 'notes')) && notes(folder).length === 4);
    expect(notes(folder)).toEqual(afterwards);
    expect(resources(folder)).toEqual([]);
  });

  itInFull('leaves no lock when the process with the test was killed', async () => {
    const folder = folderWith({ 'main.tf': SLOW, 'x.test.ts': test });
    const jest = startJest(folder);
    await fileToAppear(join(folder, 'begun'));
    expect(existsSync(join(folder, LOCK))).toBe(true);
    jest.process.kill('SIGKILL');
    await until(() => !existsSync(join(folder, LOCK)));
    expect(resources(folder)).not.toEqual([]);
  });

  itInFull('finishes a destroy that had begun when the process with the test was killed', async () => {
    const folder = folderWith({
      'main.tf': `
        resource "terraform_data" "first" {}
        resource "terraform_data" "slow" {
          depends_on = [terraform_data.first]
          provisioner "local-exec" {
            when    = destroy
            command = "touch begun; while [ ! -e go ]; do sleep 0.05; done"
          }
        }`,
      'x.test.ts': `${head}
        test('is made', async () => {
          ${destroying}
          await terratest.initAndApply(options);
        });`,
    });
    const jest = startJest(folder);
    await fileToAppear(join(folder, 'begun'));
    jest.process.kill('SIGKILL');
    await jest.ended;
    writeFileSync(join(folder, 'go'), '');
    await until(() => !existsSync(join(folder, LOCK)));
    expect(resources(folder)).toEqual([]);
  });
});
