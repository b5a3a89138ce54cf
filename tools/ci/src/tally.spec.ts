import { sumTallies, tallyCheck, tallyJest, totalLine, type JestReport } from './tally';

function report(status: string, tests: Readonly<Record<string, string>>): JestReport {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  return { testResults: [{ name: 'a.spec.ts', status, startTime: 0, endTime: 1, assertionResults }] };
}

describe('tallyJest', () => {
  it('counts what passed and names what failed', () => {
    expect(tallyJest(report('failed', { one: 'passed', two: 'failed', three: 'passed' }), [])).toEqual({
      passed: 2,
      failed: 1,
      failures: ['a.spec.ts: two'],
      skipped: [],
    });
  });

  it('counts a skipped, a disabled and a planned test as failed', () => {
    const tally = tallyJest(report('passed', { one: 'pending', two: 'disabled', three: 'todo' }), []);
    expect(tally).toMatchObject({ passed: 0, failed: 3 });
    expect(tally.failures[0]).toBe('a.spec.ts: one (pending, with no reason in tools/ci/skips.json)');
  });

  it('counts a test skipped for a named reason neither as passed nor as failed', () => {
    const allowed = [{ test: 'one', reason: 'needs a second machine' }];
    expect(tallyJest(report('passed', { one: 'pending', two: 'passed' }), allowed)).toEqual({
      passed: 1,
      failed: 0,
      failures: [],
      skipped: ['one: needs a second machine'],
    });
  });

  it('counts a failed test even if it may be skipped', () => {
    const allowed = [{ test: 'one', reason: 'needs a second machine' }];
    expect(tallyJest(report('failed', { one: 'failed' }), allowed)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a file that did not run as one failure', () => {
    expect(tallyJest(report('failed', {}), []).failures).toEqual(['a.spec.ts: the file did not run']);
  });

  it('counts a file whose tests passed but which failed as a whole as one failure', () => {
    expect(tallyJest(report('failed', { one: 'passed' }), [])).toMatchObject({ passed: 1, failed: 1 });
  });
});

describe('sumTallies', () => {
  it('adds up all runners', () => {
    const jest = tallyJest(report('failed', { one: 'passed', two: 'failed' }), []);
    const total = sumTallies([tallyCheck('lint', true), tallyCheck('typecheck', false), jest]);
    expect(totalLine(total)).toBe('2 passed, 2 failed');
    expect(total.failures).toEqual(['typecheck', 'a.spec.ts: two']);
  });
});
