import { App, TerraformStack } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './load-environment';

describe('what an environment throws', () => {
  it('is a failed validation, told without the advice to skip it', () => {
    const outdir = mkdtempSync(path.join(tmpdir(), 'mlterra-validation-'));
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'stack');
    stack.node.addValidation({ validate: () => ['publish has no key "ui"'] });
    try {
      run('made-up/environment.ts', () => app.synth());
      throw new Error('it was let through');
    } catch (error) {
      const { message } = error as Error;
      expect(message).toMatch(
        /environment\.ts failed while it was run: .*\n.*publish has no key "ui"\n.*correct it/,
      );
      expect(message).not.toContain('skipValidation');
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});
