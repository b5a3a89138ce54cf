import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MlterraError } from '@mlterra/core';
import { Fixture } from '../testing/fixture';
import type { SynthesizedStack } from '../synth/synthesize';
import type { EnvironmentRun } from './context';
import { explained } from './explain';

describe('the reasons of a failed apply', () => {
  const fixture = new Fixture();
  const dir = fixture.environment('env', '');
  afterAll(() => fixture.remove());

  const platform = (name: string, explain: string): { module: string } => {
    const module = path.join(dir, `${name}.cjs`);
    writeFileSync(module, `exports.hooks = { explain: async () => { ${explain} } };`);
    return { module };
  };
  const attempt = (hooks: readonly { module: string }[], error: Error): Promise<never> =>
    explained(
      { environment: { dir, name: 'env' }, stacks: new Map() } as unknown as EnvironmentRun,
      { key: 'env/dev/a', stackKey: {}, hooks } as unknown as SynthesizedStack,
      () => Promise.reject(error),
    );
  const failure = new MlterraError({ code: 'engine-failed', message: 'no release' });

  it('come from all platforms that know some, below the error', async () => {
    const told = attempt(
      [platform('knows', "return ['the image is missing']"), platform('breaks', "throw new Error('asleep')")],
      failure,
    );
    await expect(told).rejects.toMatchObject({
      code: 'engine-failed',
      message: `${failure.message}\n  reason:   the image is missing`,
    });
  });

  it('are left out where none is known, and for a defect', async () => {
    await expect(attempt([platform('silent', 'return []')], failure)).rejects.toBe(failure);
    const defect = new TypeError('x is undefined');
    await expect(attempt([platform('eager', "return ['never shown']")], defect)).rejects.toBe(defect);
  });
});
