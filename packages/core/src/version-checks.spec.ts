import { DataResource, TerraformElement } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEnvironment, localState, type Environment, type Stack } from '.';

const outdir = mkdtempSync(join(tmpdir(), 'mlterra-version-checks-'));
const path = process.env['PATH'];
// No program is found.
beforeEach(() => void (process.env['PATH'] = outdir));
afterEach(() => void (process.env['PATH'] = path));
afterAll(() => rmSync(outdir, { recursive: true }));

const define = (build: (stack: Stack) => void): Environment =>
  defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: undefined } },
    build: (stage) => build(stage.stack('main')),
  });

it('synthesis runs no program to learn its version', () => {
  const environment = define((stack) => {
    const data = new DataResource(stack, 'Data');
    data.importFrom('id');
    new DataResource(data, 'Inner');
  });
  expect(() => environment.build(outdir).synth()).not.toThrow();
});

it('every other check is made', () => {
  const environment = define((stack) => {
    const element = new TerraformElement(stack, 'Element');
    element.node.addValidation({ validate: () => ['it is not well'] });
  });
  expect(() => environment.build(outdir).synth()).toThrow(/it is not well/);
});
