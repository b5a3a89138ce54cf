/** What came of a set of tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** What failed, a line each. */
  readonly failures: readonly string[];
  /** Skipped for a reason that is named in `skips.json`; counts neither as passed nor as failed. */
  readonly skipped: readonly string[];
}

/** A test that may be skipped, and why. */
export interface AllowedSkip {
  /** Full name of the test, with those of its `describe` blocks. */
  readonly test: string;
  readonly reason: string;
}

/** The part of Jest's `--json` report that is counted. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Counts a run of Jest. A skipped test counts as failed, unless `allowed` names it. */
export function tallyJest(report: JestReport, allowed: readonly AllowedSkip[]): Tally {
  let passed = 0;
  const failures: string[] = [];
  const skipped: string[] = [];
  for (const file of report.testResults) {
    const failedBefore = failures.length;
    for (const { fullName, status } of file.assertionResults) {
      if (status === 'passed') {
        passed += 1;
        continue;
      }
      const reason = allowed.find((skip) => skip.test === fullName)?.reason;
      if (status === 'failed') failures.push(`${file.name}: ${fullName}`);
      else if (reason !== undefined) skipped.push(`${fullName}: ${reason}`);
      else failures.push(`${file.name}: ${fullName} (${status}, with no reason in tools/ci/skips.json)`);
    }
    if (file.status === 'failed' && failures.length === failedBefore) {
      failures.push(`${file.name}: the file did not run`);
    }
  }
  return { passed, failed: failures.length, failures, skipped };
}

/** Counts a check that is one test as a whole, such as the linter. */
export function tallyCheck(name: string, succeeded: boolean): Tally {
  return succeeded
    ? { passed: 1, failed: 0, failures: [], skipped: [] }
    : { passed: 0, failed: 1, failures: [name], skipped: [] };
}

export function sumTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
    skipped: tallies.flatMap(({ skipped }) => skipped),
  };
}

/** The line that ends every run. */
export function totalLine({ passed, failed }: Pick<Tally, 'passed' | 'failed'>): string {
  return `${passed} passed, ${failed} failed`;
}
