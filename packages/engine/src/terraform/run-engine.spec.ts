import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedByItself, runEngine, type EngineRun, type EngineRunOptions } from './run-engine';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'mlterra-run-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a shell script in place of Terraform. */
function run(
  script: string,
  options: Partial<EngineRunOptions> = {},
  args: readonly string[] = ['plan', '-json'],
): Promise<EngineRun> {
  const program = path.join(dir, 'engine');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return runEngine({ name: 'terraform', path: program, version: '1' }, args, { cwd: dir, ...options });
}
const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe.each([
  ['that ends with this process', false],
  ['that outlives it', true],
])('an engine %s', (_, outlives) => {
  it('is run in its folder, with its arguments and the variables on top', async () => {
    process.env['MLTERRA_SPEC'] = 'of the caller';
    try {
      const { code, stdout } = await run('pwd; echo "$@"; echo "$MLTERRA_SPEC" "$MLTERRA_MORE" "$TF_INPUT"', {
        outlives,
        env: { MLTERRA_MORE: "it's $more" },
      });
      expect([code, stdout]).toEqual([0, `${dir}\nplan -json\nof the caller it's $more 0\n`]);
    } finally {
      delete process.env['MLTERRA_SPEC'];
    }
  });

  it.each([0, 1, 2, 77])('ends with its code %d', async (code) => {
    const found = await run(`exit ${code}`, { outlives });
    expect(found).toEqual({ code, stdout: '', log: '', diagnostics: [] });
    expect(endedByItself(found)).toBe(code < 2);
  });

  it('that was killed says so, and its children are ended', async () => {
    const { code } = await run('sleep 60 & echo $! > child; kill -9 $$', { outlives });
    expect(code).toBeGreaterThanOrEqual(128);
    const child = Number(readFileSync(path.join(dir, 'child'), 'utf8'));
    for (let tries = 0; !gone(child) && tries < 100; tries++) await sleep(20);
    expect(gone(child)).toBe(true);
  });

  it('is killed when it is aborted', async () => {
    const abort = new AbortController();
    const running = run('exec sleep 60', { outlives, signal: abort.signal, onStart: () => abort.abort() });
    expect((await running).code).toBeGreaterThanOrEqual(128);
    expect(
      (await run('exec sleep 60', { outlives, signal: AbortSignal.abort() })).code,
    ).toBeGreaterThanOrEqual(128);
  });

  it('leaves no file behind but the one that is asked for', async () => {
    const outputFile = path.join(dir, 'kept');
    await run('echo one; echo two >&2', { outlives, outputFile });
    expect(readFileSync(outputFile, 'utf8')).toBe('one\n');
    expect(statSync(outputFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).sort()).toEqual(['engine', 'kept']);
    await run('echo three', { outlives, outputFile });
    expect(readFileSync(outputFile, 'utf8')).toBe('three\n');
  });

  it('that cannot be started is an error of the system', async () => {
    const missing = { name: 'terraform', path: path.join(dir, 'none'), version: '1' };
    await expect(runEngine(missing, ['plan'], { cwd: dir, outlives })).rejects.toThrow(/ENOENT/);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('what an engine says', () => {
  it('is reported line by line, and kept as it came', async () => {
    const lines: string[] = [];
    const { stdout, log } = await run(`printf 'one\\r\\n\\ntwo'; printf 'bad\\n' >&2`, {
      onLine: (line) => lines.push(line),
    });
    expect([...lines].sort()).toEqual(['bad', 'one', 'two']);
    expect(stdout).toBe('one\r\n\ntwo');
    expect([...log].sort().join('')).toBe([...'one\r\n\ntwobad\n'].sort().join(''));
  });

  it('is put together from pieces, whatever the letters', async () => {
    const lines: string[] = [];
    await run(`printf 'a\\303'; sleep 0.1; printf '\\244b'; sleep 0.1; printf 'c\\n'`, {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(['aäbc']);
  });

  it('has diagnostics in it, on both outputs', async () => {
    const message = (summary: string): string =>
      JSON.stringify({ '@message': 'x', type: 'diagnostic', diagnostic: { severity: 'error', summary } });
    const { diagnostics } = await run(
      `echo '${message('one')}'; echo 'plain'; echo '{"broken'; echo '{}'; echo ' ${message('no message')}'; echo '${message('two')}' >&2`,
    );
    expect(diagnostics.map(({ summary }) => summary).sort()).toEqual(['one', 'two']);
  });

  it('is progress where it tells of a resource, the stamp aside', async () => {
    const told: string[] = [];
    const message = (type: string, addr?: string, text?: string): string =>
      JSON.stringify({
        type,
        '@message': text,
        hook: addr === undefined ? undefined : { resource: { addr } },
      });
    await run(
      [
        message('apply_start', 'x.a', 'x.a: Creating...'),
        message('apply_start', 'terraform_data.mlterra', 'stamp'),
        message('planned_change', 'x.a', 'plan'),
        message('apply_errored', 'x.b'),
        message('apply_progress', undefined, 'somewhere'),
      ]
        .map((line) => `echo '${line}'`)
        .join('\n'),
      { onProgress: (text) => told.push(text) },
    );
    expect(told).toEqual(['x.a: Creating...', 'apply_errored', 'somewhere']);
  });
});

it('arguments of the caller come before those of the command', async () => {
  process.env['TF_CLI_ARGS_plan'] = '-parallelism=3';
  try {
    expect((await run('echo "$@"')).stdout).toBe('plan -parallelism=3 -json\n');
    expect((await run('echo "$@"', {}, ['show', 'x'])).stdout).toBe('show x\n');
  } finally {
    delete process.env['TF_CLI_ARGS_plan'];
  }
});

it('the id of its process is reported', async () => {
  const pids: number[] = [];
  const { stdout } = await run('echo $$', { onStart: (pid) => pids.push(pid) });
  expect(pids).toEqual([Number(stdout)]);
});

it('it is in a session of its own, and reads nothing', async () => {
  const { stdout } = await run('cut -d" " -f6 /proc/$$/stat; cat', {});
  expect(stdout.trim()).not.toBe(readFileSync('/proc/self/stat', 'utf8').split(' ')[5]);
  expect(existsSync(path.join(dir, 'engine'))).toBe(true);
});
