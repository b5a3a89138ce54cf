import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepOptions } from './step';

describe('runStep', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-step-'));
  const jestReport = join(folder, 'report.json');
  const options: StepOptions = { cwd: folder, env: process.env, allowedSkips: [], limitMinutes: 1 };
  afterAll(() => rmSync(folder, { recursive: true }));

  const node = (script: string) => [process.execPath, '-e', script] as const;
  const writing = (statuses: readonly string[], exitCode: number) => {
    const assertionResults = statuses.map((status, index) => ({ fullName: `test ${index}`, status }));
    const report = { testResults: [{ name: 'a.spec.ts', status: 'passed', assertionResults }] };
    const write = `fs.writeFileSync(${JSON.stringify(jestReport)}, ${JSON.stringify(JSON.stringify(report))})`;
    return node(`${write}; process.exit(${exitCode})`);
  };

  it('counts a command that ends well as one passed test', async () => {
    expect(await runStep({ name: 'lint', command: node('') }, options)).toMatchObject({
      passed: 1,
      failed: 0,
    });
  });

  it('counts a command that fails as one failed test', async () => {
    const tally = await runStep({ name: 'lint', command: node('process.exit(3)') }, options);
    expect(tally).toMatchObject({ passed: 0, failures: ['lint: it ended with exit code 3'] });
  });

  it('counts a command that does not exist as failed', async () => {
    const tally = await runStep({ name: 'lint', command: ['mlterra-no-such-command'] }, options);
    expect(tally).toMatchObject({ passed: 0, failures: [expect.stringMatching(/^lint: .*ENOENT/)] });
  });

  it('ends a command that hangs, and counts it as failed', async () => {
    const step = { name: 'lint', command: node('setInterval(() => {}, 1000)') };
    const tally = await runStep(step, { ...options, limitMinutes: 0.005 });
    expect(tally).toMatchObject({ passed: 0, failures: ['lint: it was ended by SIGKILL'] });
  });

  it('puts the output into a log where one is named', async () => {
    const log = join(folder, 'log');
    const command = node("console.log('out'); console.error('err')");
    expect(await runStep({ name: 'e2e', command, log }, options)).toMatchObject({ passed: 1, failed: 0 });
    expect(readFileSync(log, 'utf8')).toBe('out\nerr\n');
  });

  it('counts the tests of a report', async () => {
    const step = { name: 'jest', command: writing(['passed', 'passed', 'failed'], 1), jestReport };
    expect(await runStep(step, options)).toMatchObject({ passed: 2, failures: ['a.spec.ts: test 2'] });
  });

  it('counts one failure more when every test passed and Jest fails all the same', async () => {
    const step = { name: 'jest', command: writing(['passed'], 1), jestReport };
    expect(await runStep(step, options)).toMatchObject({
      passed: 1,
      failures: ['jest: every test passed, but it ended with exit code 1'],
    });
  });

  it('does not take the report of an earlier run', async () => {
    await runStep({ name: 'jest', command: writing(['passed'], 0), jestReport }, options);
    const tally = await runStep({ name: 'jest', command: node(''), jestReport }, options);
    expect(tally).toMatchObject({ passed: 0, failures: ['jest: ended well, but left no report'] });
  });

  it('counts a run without tests as failed', async () => {
    const tally = await runStep({ name: 'jest', command: writing([], 0), jestReport }, options);
    expect(tally).toMatchObject({ passed: 0, failures: ['jest: found no test'] });
  });
});
