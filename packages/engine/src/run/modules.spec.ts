/** @long */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandName, CommandRequest } from '../command';
import { synthesize } from '../synth/synthesize';
import { Fixture } from '../testing/fixture';

describe('Terraform modules', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  /** An environment whose stack calls these modules beside one resource. */
  function environment(name: string, modules: Readonly<Record<string, string>>): string {
    const calls = Object.entries(modules).map(
      ([id, source]) => `new TerraformHclModule(stack, '${id}', { source: ${JSON.stringify(source)} });`,
    );
    return fixture.environment(
      name,
      `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource, TerraformHclModule } from 'cdktf';
void TerraformHclModule;
export default defineEnvironment({
  name: '${name}', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) { const stack = stage.stack('a'); new DataResource(stack, 'R', { input: { v: 1 } }); ${calls.join(' ')} },
});`,
    );
  }

  function put(file: string, text: string, mode = 0o644): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  const look = async (
    command: CommandName,
    name: string,
    request: Partial<CommandRequest> = {},
  ): Promise<{ status?: string; reasons?: unknown; error?: unknown; changes?: readonly string[] }> => {
    const { stacks, error } = await fixture.run(command, name, request);
    expect(error).toBeUndefined();
    const changes = stacks[0]?.plan?.resources.map(({ address, action }) => `${action} ${address}`);
    return { status: stacks[0]?.status, reasons: stacks[0]?.reasons, error: stacks[0]?.error, changes };
  };

  const resource = (value: string): string =>
    `resource "terraform_data" "m" {\n  input = { v = ${value} }\n}\noutput "v" {\n  value = terraform_data.m.output\n}\n`;

  it.each(['relative', 'absolute'])(
    'by %s path can be added to an applied stack, changed and destroyed',
    async (kind) => {
      const name = `by-${kind}`;
      const dir = environment(name, {});
      const source = kind === 'relative' ? './tf/net' : path.join(dir, 'tf', 'net');
      put(path.join(dir, 'tf', 'net', 'main.tf'), resource('1'));
      expect(await look('apply', name)).toMatchObject({ status: 'applied' });
      environment(name, { net: source });
      expect(await look('plan', name)).toMatchObject({
        status: 'changed',
        changes: ['create module.net.terraform_data.m'],
      });
      expect(await look('apply', name)).toMatchObject({ status: 'applied' });
      expect(await look('plan', name)).toMatchObject({ status: 'unchanged', reasons: [] });
      put(path.join(dir, 'tf', 'net', 'main.tf'), resource('2'));
      expect(await look('plan', name)).toMatchObject({
        status: 'changed',
        reasons: ['the module net changed'],
        changes: ['update module.net.terraform_data.m'],
      });
      expect(await look('apply', name)).toMatchObject({ status: 'applied' });
      // A module that it calls from now on has to be found as well.
      put(
        path.join(dir, 'tf', 'net', 'more.tf'),
        'module "inner" {\n  source = "../inner"\n}\nlocals {\n  text = file("${path.module}/../text.txt")\n}\n',
      );
      put(
        path.join(dir, 'tf', 'inner', 'main.tf'),
        'resource "terraform_data" "i" {\n  input = file("${path.module}/v")\n}\n',
      );
      put(path.join(dir, 'tf', 'inner', 'v'), '1');
      put(path.join(dir, 'tf', 'text.txt'), '1');
      expect(await look('apply', name)).toMatchObject({
        status: 'applied',
        changes: ['create module.net.module.inner.terraform_data.i'],
      });
      expect(await look('plan', name)).toMatchObject({ status: 'unchanged' });
      put(path.join(dir, 'tf', 'inner', 'v'), '2');
      expect(await look('plan', name)).toMatchObject({
        changes: ['update module.net.module.inner.terraform_data.i'],
      });
      const [stack] = synthesize(dir).stacks;
      expect(stack!.text).not.toContain(fixture.root);
      expect(await look('destroy', name, { yes: true })).toMatchObject({ status: 'destroyed' });
    },
  );

  it('what it reads and no digest can hold is planned every time', async () => {
    const dir = environment('steady', { net: './net' });
    put(
      path.join(dir, 'net', 'main.tf'),
      `${resource('1')}variable "name" {\n  default = "a"\n}\nlocals {\n  now = timestamp()\n}\n`,
    );
    expect(await look('apply', 'steady')).toMatchObject({ status: 'applied' });
    expect(await look('plan', 'steady')).toMatchObject({
      status: 'unchanged',
      reasons: ['it calls timestamp() in module.net: planned every time'],
    });
  });

  it('of a repository is fetched when its address changes', async () => {
    const repository = path.join(fixture.root, 'repository');
    const git = (...args: string[]): void =>
      void execFileSync('git', [
        '-C',
        repository,
        '-c',
        'user.name=t',
        '-c',
        'user.email=t@example.org',
        ...args,
      ]);
    put(path.join(repository, 'net', 'main.tf'), resource('1'));
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', '1');
    git('tag', 'v1.0.0');
    put(path.join(repository, 'net', 'main.tf'), resource('2'));
    git('commit', '-qam', '2');
    git('tag', 'v1.1.0');
    const source = (ref: string): string => `git::file://${repository}//net?ref=${ref}`;
    environment('git', { net: source('v1.0.0') });
    expect(await look('apply', 'git')).toMatchObject({ status: 'applied' });
    expect(await look('plan', 'git')).toMatchObject({ status: 'unchanged', reasons: [] });
    environment('git', { net: source('v1.1.0') });
    expect(await look('plan', 'git')).toMatchObject({ changes: ['update module.net.terraform_data.m'] });
    expect(await look('apply', 'git')).toMatchObject({ status: 'applied' });
    environment('git', { net: source('HEAD') });
    await look('apply', 'git');
    expect(await look('plan', 'git')).toMatchObject({
      status: 'unchanged',
      reasons: ['module.net has no fixed version: planned every time'],
    });
    expect(await look('destroy', 'git', { yes: true })).toMatchObject({ status: 'destroyed' });
  });

  it('that is missing is told with the folder that was looked at', async () => {
    const dir = environment('missing', { net: './nowhere' });
    const { error } = await fixture.run('plan', 'missing');
    expect(error).toMatchObject({ code: 'module-missing' });
    expect(error?.message).toContain(
      `calls the Terraform module "net" from ./nowhere, and there is no ${dir}/nowhere`,
    );
  });

  describe('and files of a stack that is gone from the source', () => {
    /** A stack whose resource is destroyed by a script, from an asset and from a module. */
    function scripted(name: string, log: string, version: string): string {
      const dir = fixture.dir(name);
      put(path.join(dir, 'bye.sh'), `echo asset ${version} >> ${log}\n`);
      put(path.join(dir, 'net', 'bye.sh'), `#!/bin/sh\necho module ${version} >> ${log}\n`, 0o755);
      put(
        path.join(dir, 'net', 'main.tf'),
        'resource "terraform_data" "m" {\n  provisioner "local-exec" {\n    when    = destroy\n    command = "${path.module}/bye.sh"\n  }\n}\n',
      );
      return fixture.environment(
        name,
        `
import path from 'node:path';
import { defineEnvironment, localState } from '@mlterra/core';
import { AssetType, DataResource, TerraformAsset, TerraformHclModule } from 'cdktf';
export default defineEnvironment({
  name: '${name}', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    new DataResource(stage.stack('stays'), 'R', { input: { v: 1 } });
    const stack = stage.stack('gone');
    const script = new TerraformAsset(stack, 'script', { path: path.join(__dirname, 'bye.sh'), type: AssetType.FILE });
    new DataResource(stack, 'R', { provisioners: [{ type: 'local-exec', when: 'destroy', command: 'sh ' + script.path }] });
    new TerraformHclModule(stack, 'net', { source: './net' });
  },
});`,
      );
    }

    const removeFrom = (name: string): void => {
      const dir = fixture.dir(name);
      const file = path.join(dir, 'environment.ts');
      const source = readFileSync(file, 'utf8');
      writeFileSync(file, source.replace(/ {4}const stack = [^]*?\n {2}\},/, '  },'));
      for (const gone of ['bye.sh', 'net']) rmSync(path.join(dir, gone), { recursive: true });
    };

    it('are kept until it is destroyed', async () => {
      const log = path.join(fixture.root, 'kept.log');
      scripted('kept', log, '1');
      expect((await fixture.run('apply', 'kept')).stacks.map(({ status }) => status)).toEqual([
        'applied',
        'applied',
      ]);
      removeFrom('kept');
      expect((await fixture.run('plan', 'kept')).stacks.map(({ status }) => status)).toEqual([
        'unchanged',
        'removed',
      ]);
      const { stacks } = await fixture.run('apply', 'kept', { destroyRemoved: true });
      expect(stacks.find(({ key }) => key === 'kept/dev/gone')).toMatchObject({ status: 'destroyed' });
      expect(readFileSync(log, 'utf8').split('\n').sort()).toEqual(['', 'asset 1', 'module 1']);
      for (const folder of ['stacks', 'applied']) {
        expect(existsSync(path.join(fixture.dir('kept'), '.mlterra', folder, 'dev-gone'))).toBe(false);
      }
    });

    it('are those that were applied, also after a plan of others, and for another try', async () => {
      const log = path.join(fixture.root, 'tried.log');
      const dir = scripted('tried', log, '1');
      await fixture.run('apply', 'tried');
      scripted('tried', log, '2');
      expect((await fixture.run('plan', 'tried')).stacks.map(({ status }) => status)).toEqual([
        'unchanged',
        'restamp',
      ]);
      removeFrom('tried');
      // A folder in the place of the log makes the scripts fail.
      mkdirSync(log);
      const first = await fixture.run('apply', 'tried', { destroyRemoved: true });
      expect(first.stacks.find(({ key }) => key === 'tried/dev/gone')).toMatchObject({ status: 'failed' });
      rmSync(log, { recursive: true });
      const { stacks } = await fixture.run('destroy', 'tried', { yes: true });
      expect(stacks.map(({ status }) => status)).toEqual(['destroyed', 'destroyed']);
      expect(readFileSync(log, 'utf8').split('\n').sort()).toEqual(['', 'asset 1', 'module 1']);
      expect(existsSync(path.join(dir, '.mlterra', 'applied', 'dev-gone'))).toBe(false);
    });
  });
});
