import { childErrorLine, MlterraError } from '@mlterra/core';
import { engineError, errorsInBoxes, isStale, isStateLost, type Diagnostic } from './diagnostics';

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

  it('name the place in files of modules, and what has no place by its address or not at all', () => {
    const said = (error: Partial<Diagnostic>): string =>
      engineError('x', [{ severity: 'error', summary: 'Bad', ...error }], '', '{}').message;
    const range = { filename: 'modules/m/main.tf', start: { line: 7 } };
    expect(said({ range })).toBe('x failed: modules/m/main.tf:7: Bad');
    expect(said({ range, address: 'module.m.a.b' })).toBe('x failed: module.m.a.b: modules/m/main.tf:7: Bad');
    expect(said({ detail: '  \n' })).toBe('x failed: Bad');
    expect(engineError('x', [{ severity: 'error', summary: 'Bad', range }], '').message).toBe(
      'x failed: modules/m/main.tf:7: Bad',
    );
  });

  it('are all reported, each on its own', () => {
    const errors = ['one', 'two'].map((summary) => ({ severity: 'error' as const, summary }));
    expect(engineError('x', errors, 'log').message).toBe('x failed: one\ntwo');
  });

  it('are those of a child in the log where no diagnostic has one', () => {
    const line = childErrorLine(new MlterraError({ code: 'port-in-use', message: 'Port 1 is in use.' }));
    expect(engineError('x', [], `noise\n${line}\n`)).toMatchObject({ code: 'port-in-use' });
  });

  it('of a lock are found in boxes, too, and named without what is not said', () => {
    const log =
      '\u001b[31m╷\n│ \u001b[1mError: Error acquiring the state lock\n│ Lock Info:\n│   ID:        a-1\n│   Who:       ann@ci\n╵\u001b[0m';
    expect(engineError('terraform state', [], log, undefined, 'e/dev/a')).toMatchObject({
      code: 'state-busy',
      message: expect.stringMatching(
        /^The state is locked: held by ann@ci, lock id a-1\.\n.*npx mlterra unlock e -c dev a$/,
      ),
    });
    const error = { severity: 'error' as const, summary: 'Error acquiring the state lock' };
    expect(engineError('x', [{ ...error, detail: ' no facts ' }], '').message).toMatch(
      /^The state is locked: no facts\.\n.*npx mlterra unlock <environment>$/,
    );
    expect(engineError('x', [error], '').message).toMatch(/^The state is locked: \./);
  });

  it('show twelve lines of the log at most, and no plan', () => {
    const log = [
      ...Array.from({ length: 20 }, (_, index) => `line ${index}`),
      '{"format_version":"1.2","secret":"s"}',
    ];
    const { message } = engineError('x', [], log.join('\n'));
    expect(message.split('\n')).toHaveLength(12);
    expect(message).toMatch(/^x failed: line 8\n[^]*line 19$/);
  });

  describe('of a provisioner', () => {
    const log = (address: string): string =>
      `{"hook":{"resource":{"addr":${JSON.stringify(address)}}},"@message":"(local-exec): (output suppressed due to sensitive value in config)"}`;
    const error = (changes: Partial<Diagnostic> = {}): Diagnostic => ({
      severity: 'error',
      summary: 'local-exec provisioner error',
      address: 'a.b["k"]',
      detail: "Error running command 'echo hunter2': exit status 3. Output: hunter2",
      ...changes,
    });

    it('do not repeat what Terraform withheld', () => {
      const { message } = engineError('x', [error()], log('a.b["k"]'));
      expect(message).toBe(
        'x failed: a.b["k"]: local-exec provisioner error\n    exit status 3; the command and its output are not shown, because they hold a sensitive value',
      );
      expect(
        engineError(
          'x',
          [error({ detail: "Error running command 'hunter2': signal: killed. Output: hunter2" })],
          log('a.b["k"]'),
        ).message,
      ).toMatch(/signal: killed; the command/);
      for (const detail of ['hunter2', undefined]) {
        const other = engineError(
          'x',
          [error(detail === undefined ? { detail: undefined as never } : { detail })],
          log('a.b["k"]'),
        );
        expect(other.message).toMatch(/it failed; the command/);
      }
    });

    it.each<[string, Partial<Diagnostic>, string]>([
      ['of another resource', {}, log('a.c')],
      ['that says nothing of it', {}, '"addr":"a.b[\\"k\\"]" plain'],
      ['and are none', { summary: 'Quota exceeded' }, log('a.b["k"]')],
      ['without an address', { address: undefined }, log('a.b["k"]')],
    ])('are reported in full beside a log %s', (_, changes, text) => {
      expect(engineError('x', [error(changes)], text).message).toContain('hunter2');
    });
  });
});

describe('errors in boxes', () => {
  it('are one line each', () => {
    const log = '╷\n│ Error: One\n│ \n│ with  more\n╵\n╷\n│ Error: Two\n╵\n';
    expect(errorsInBoxes(log)).toBe('One with more; Two');
  });

  it('are the end of the log where there are none', () => {
    expect(errorsInBoxes('some\nnoise\n')).toBe('some\nnoise');
  });
});

it.each([
  ['Saved plan is stale', true],
  ['Saved plan is stale!', false],
])('a plan is stale: %s', (summary, expected) => {
  expect(
    isStale([
      { severity: 'warning', summary: 'x' },
      { severity: 'error', summary },
    ]),
  ).toBe(expected);
  expect(isStale([])).toBe(false);
});

it.each([
  ['Failed to save state', true],
  ['Failed to persist state to backend', true],
  ['Failed to write state', true],
  ['failed to create local state file', true],
  ['Cannot: Failed to save state', false],
  ['Failed to load state', false],
])('a state is lost: %s', (summary, expected) => {
  expect(
    isStateLost([
      { severity: 'warning', summary: 'x' },
      { severity: 'error', summary },
    ]),
  ).toBe(expected);
});
