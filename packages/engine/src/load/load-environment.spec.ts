import { App, TerraformStack } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MlterraError } from '@mlterra/core';
import { run } from './load-environment';

/** What is told of a stack whose validations say that. */
function told(...problems: readonly string[]): unknown {
  const outdir = mkdtempSync(path.join(tmpdir(), 'mlterra-validation-'));
  const app = new App({ outdir });
  new TerraformStack(app, 'stack').node.addValidation({ validate: () => [...problems] });
  try {
    run('made-up/environment.ts', () => app.synth());
  } catch (error) {
    return error;
  } finally {
    rmSync(outdir, { recursive: true });
  }
  throw new Error('it was let through');
}

describe('what an environment throws', () => {
  it('is failed validations, told as what they are and not as a crash', () => {
    const known = new MlterraError({ code: 'x', message: 'There is no port "ui".', expected: 'http' });
    expect(told(known.message, 'stack: the disk is too small')).toMatchObject({
      name: 'MlterraError',
      code: 'invalid',
      message: [
        'made-up/environment.ts is refused:',
        '  stack: There is no port "ui".',
        '    expected: http',
        '  stack: the disk is too small',
        '  to do:    correct it; nothing was planned or applied',
      ].join('\n'),
    });
  });

  it('is a crash, where something else fails', () => {
    const crash = (): never => {
      throw new Error('no such zone');
    };
    expect(() => run('made-up/environment.ts', crash)).toThrow(
      /failed while it was run: no such zone\n.*--verbose shows the stack trace/,
    );
  });
});
