import { contractBroken, rehearsalFailed, toolCannotRun } from './errors';

describe('what a suite throws', () => {
  it.each([
    contractBroken([{ check: 'grants', message: 'bucket.main: there is no grant' }]),
    rehearsalFailed('cloud-paas', ['prod-sample: plan failed: no such argument']),
    toolCannotRun('sample', 'cloud', 'cloud offers no database'),
  ])('is shown without a place in the suites: $code', (error) => {
    expect(error.stack).toBe(`MlterraError: ${error.message}`);
  });
});
