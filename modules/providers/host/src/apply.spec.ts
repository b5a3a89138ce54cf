/** @long */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@mlterra/core';
import { transpileModule, ModuleKind, ScriptTarget } from 'typescript';
import { isSupervisorUp } from './runtime/supervisor';
import { Bench, freePort } from './testing/bench';
import { exampleEnvironment, LITERAL } from './testing/example';

jest.setTimeout(180_000);

type Terraform = (stack: string, ...args: string[]) => string;

/** Synthesises an environment into a bench; returns Terraform in its stacks. */
function synth(bench: Bench, environment: Environment): Terraform {
  const outdir = join(bench.environmentDir, '.mlterra');
  mkdirSync(outdir, { recursive: true });
  environment.build(outdir).synth();
  return (stack, ...args) =>
    execFileSync('terraform', args, {
      cwd: join(outdir, 'stacks', `dev-${stack}`),
      env: { ...bench.variables, TF_IN_AUTOMATION: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).toString();
}

function apply(terraform: Terraform, stack: string): void {
  terraform(stack, 'init', '-input=false');
  terraform(stack, 'apply', '-input=false', '-auto-approve', '-no-color');
}

it('applies, adopts and destroys an environment with Terraform alone', () =>
  Bench.with(async (bench) => {
    const ports = { postgres: await freePort(), web: await freePort() };
    const terraform = synth(bench, exampleEnvironment(ports));
    for (const stack of ['postgresql', 'web']) apply(terraform, stack);
    const key = readFileSync(bench.data.absolute('secrets/dev/web/Key'), 'utf8');
    const password = readFileSync(bench.data.absolute('secrets/dev/web/Database_Password'), 'utf8');
    const url = `postgresql+psycopg2://web:${password}@127.0.0.1:${ports.postgres}/web`;
    const ask = async () => (await fetch(`http://127.0.0.1:${ports.web}/`)).json();
    expect(await ask()).toEqual([
      LITERAL,
      `file://${bench.data.path('objects/dev/web/Store')}`,
      `key = ${key}\nurl = ${url}\n${LITERAL}`,
    ]);
    for (const stack of ['postgresql', 'web']) {
      expect(terraform(stack, 'plan', '-input=false', '-no-color')).toContain('No changes.');
      const state = readFileSync(
        join(bench.environmentDir, '.mlterra/state/bench/dev', `${stack}.tfstate`),
        'utf8',
      );
      for (const secret of [key, password]) expect(state).not.toContain(secret);
    }
    expect(await bench.probe('web', ['server'])).toEqual([]);
    const replaced = terraform('web', 'apply', '-auto-approve', '-replace=terraform_data.processes');
    expect(replaced).toContain('Running bench/dev/web/server');
    expect(await ask()).toContain(LITERAL);

    for (const stack of ['web', 'postgresql']) {
      terraform(stack, 'destroy', '-auto-approve');
      expect((await bench.release(stack)).left).toEqual([]);
    }
    expect(await isSupervisorUp(bench.data)).toBe(false);
    expect(existsSync(bench.data.absolute('secrets/dev/web/Key'))).toBe(true);
  }));

(process.env.MLTERRA_TEST_FULL === '1' ? it : it.skip)('runs the example of the README', () =>
  Bench.with(async (bench) => {
    const port = await freePort();
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    const source = /```ts\n([^]*?)```/
      .exec(readme)![1]!
      .replace('55432', String(await freePort()))
      .replaceAll('8000', String(port))
      .replace("name: 'demo'", "name: 'bench'");
    const file = join(bench.environmentDir, 'environment.js');
    const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
    writeFileSync(file, transpileModule(source, { compilerOptions }).outputText);
    const terraform = synth(bench, ((await import(file)) as { default: Environment }).default);
    for (const stack of ['postgresql', 'web']) apply(terraform, stack);
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Hello world!');
  }),
);
