import { childErrorLine, MlterraError } from '@mlterra/core';
import { engineError } from './diagnostics';

describe('errors of the engine', () => {
  it('say where, what and why, without warnings', () => {
    const error = engineError(
      'terraform apply',
      [
        { severity: 'warning', summary: 'old syntax' },
        { severity: 'error', summary: 'Quota exceeded', detail: '3 of 3 used\nask for more', address: 'a.b' },
      ],
      '',
    );
    expect(error.code).toBe('engine-failed');
    expect(error.message).toBe(
      'terraform apply failed: a.b: Quota exceeded\n    3 of 3 used\n    ask for more',
    );
  });

  it('are replaced by the error of a child that speaks for itself', () => {
    const line = childErrorLine(new MlterraError({ code: 'port-in-use', message: 'Port 5500 is in use.' }));
    const detail = `Error running command: exit status 1. Output: some noise\n${line}\nmore noise`;
    expect(
      engineError('terraform apply', [{ severity: 'error', summary: 'local-exec', detail }], ''),
    ).toMatchObject({
      code: 'port-in-use',
      message: 'Port 5500 is in use.',
    });
  });

  it('name the block and the construct where the configuration is at hand', () => {
    const block = (path: string) => ({ '//': { metadata: { path } }, name: 'n' });
    const config = JSON.stringify(
      {
        provider: { google: [{ project: 'p' }] },
        resource: { google_bucket: { one: block('dev-a/one'), two: block('dev-a/two/Resource') } },
        terraform: {},
      },
      null,
      2,
    );
    const lineOf = (text: string): number => config.slice(0, config.lastIndexOf(text)).split('\n').length;
    const said = (line: number): string => {
      const range = { filename: 'cdk.tf.json', start: { line } };
      return engineError('terraform validate', [{ severity: 'error', summary: 'Bad', range }], '', config)
        .message;
    };
    expect(said(lineOf('"name"'))).toBe(
      'terraform validate failed: google_bucket.two (dev-a/two/Resource): Bad',
    );
    expect(said(lineOf('"one"'))).toBe('terraform validate failed: google_bucket.one (dev-a/one): Bad');
    expect(said(lineOf('"project"'))).toBe('terraform validate failed: provider.google: Bad');
    expect(said(lineOf('"terraform"'))).toBe(
      `terraform validate failed: cdk.tf.json:${lineOf('"terraform"')}: Bad`,
    );
  });

  it('name who holds a lock', () => {
    const detail =
      'Lock Info:\n  ID:        abc-1\n  Operation: OperationTypeApply\n  Who:       ann@ci\n  Created:   2026-11-21 08:00\n';
    expect(
      engineError(
        'terraform plan',
        [{ severity: 'error', summary: 'Error acquiring the state lock', detail }],
        '',
        undefined,
        'demo/dev/mlflow',
      ).message,
    ).toBe(
      'The state is locked: held by ann@ci, operation OperationTypeApply, since 2026-11-21 08:00, lock id abc-1.\n' +
        '  to do:    wait for that run to end and run again; if it is dead: npx mlterra unlock demo -c dev mlflow',
    );
  });

  it('show the end of the log where there is no diagnostic, and say when there is nothing', () => {
    expect(engineError('terraform init', [], 'line 1\nline 2\n').message).toBe(
      'terraform init failed: line 1\nline 2',
    );
    expect(engineError('terraform init', [], '').message).toBe(
      'terraform init failed: the engine was stopped',
    );
  });
});
