/** @long */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../testing/child';
import { builtinEnvironment, Fixture, statuses } from '../testing/fixture';

describe('what goes wrong is told in one clear error', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());
  const simple = (name: string): void => {
    fixture.environment(name, builtinEnvironment(name, { dev: { a: { input: { v: '1' } } } }));
  };

  it('no environment.ts', async () => {
    const { error } = await fixture.run('plan', 'missing');
    expect(error).toMatchObject({
      code: 'environment-missing',
      message: expect.stringContaining('There is no environment.ts in'),
    });
  });

  it('a type error', async () => {
    const dir = fixture.environment(
      'typed',
      `import { defineEnvironment, localState } from '@mlterra/core';
export default defineEnvironment({ name: 'typed', backend: localState(), stages: { dev: { profile: 'huge', settings: 1 } }, build() {} });`,
    );
    writeFileSync(path.join(dir, 'tsconfig.json'), '{}');
    const { error } = await fixture.run('apply', 'typed');
    expect(error!.code).toBe('environment-type');
    expect(error!.message).toMatch(
      /environment\.ts:2:\d+ Type '"huge"' is not assignable to type '"development" \| "production"'/,
    );
    expect(error!.message).not.toMatch(/\n\s+at /);
  });

  it('a runtime error', async () => {
    fixture.environment(
      'broken',
      `import { defineEnvironment, localState } from '@mlterra/core';
export default defineEnvironment({ name: 'broken', backend: localState(), stages: { dev: { profile: 'development', settings: 1 } },
  build() { throw new Error('no such zone'); } });`,
    );
    const { error } = await fixture.run('apply', 'broken');
    expect(error!.code).toBe('environment-runtime');
    expect(error!.message).toMatch(
      /environment\.ts failed while it was run \(environment\.ts:3:\d+\): no such zone/,
    );
  });

  it('something else than an environment', async () => {
    fixture.environment('other', 'export default 5;');
    expect((await fixture.run('plan', 'other')).error).toMatchObject({
      code: 'environment-export',
      message: expect.stringContaining('default-exports number'),
    });
  });

  it('another name than the folder', async () => {
    fixture.environment('folder', builtinEnvironment('name', { dev: { a: {} } }));
    expect((await fixture.run('plan', 'folder')).error).toMatchObject({ code: 'environment-name' });
  });

  it('a duplicate stack', async () => {
    fixture.environment(
      'twice',
      `import { defineEnvironment, localState } from '@mlterra/core';
export default defineEnvironment({ name: 'twice', backend: localState(), stages: { dev: { profile: 'development', settings: 1 } },
  build(stage) { stage.stack('a'); stage.stack('a'); } });`,
    );
    expect((await fixture.run('plan', 'twice')).error).toMatchObject({
      code: 'stack-duplicate',
      message: expect.stringContaining('The stack twice/dev/a is defined twice.'),
    });
  });

  it('a cycle', async () => {
    fixture.environment(
      'cycle',
      `import { defineEnvironment, exportOutputs, localState } from '@mlterra/core';
export default defineEnvironment({ name: 'cycle', backend: localState(), stages: { dev: { profile: 'development', settings: 1 } },
  build(stage) {
    const a = stage.stack('a'); const b = stage.stack('b');
    const ofA = exportOutputs(a, { x: '1' }); const ofB = exportOutputs(b, { y: '2' });
    ofA.x.at(b); ofB.y.at(a);
  } });`,
    );
    expect((await fixture.run('plan', 'cycle')).error).toMatchObject({
      code: 'dependency-cycle',
      message: expect.stringContaining('cycle/dev/a -> cycle/dev/b -> cycle/dev/a'),
    });
  });

  it('a value of another stack, used directly', async () => {
    fixture.environment(
      'crossed',
      `import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({ name: 'crossed', backend: localState(), stages: { dev: { profile: 'development', settings: 1 } },
  build(stage) {
    const unused = 1;
    const one = new DataResource(stage.stack('a'), 'One');
    new DataResource(stage.stack('b'), 'Two', { input: { id: one.id } });
  } });`,
    );
    const { error } = await fixture.run('plan', 'crossed');
    expect(error!.code).toBe('cross-stack-reference');
    expect(error!.message).toBe(
      'Another stack uses terraform_data.One.id of the stack crossed/dev/a directly.\n' +
        '  expected: stacks read each other only through their fixed, typed outputs\n' +
        '  to do:    export the value with `exportOutputs` and read it with `output.at(scope)`',
    );
  });

  it('no Terraform', async () => {
    simple('engineless');
    const { error } = await fixture.run('plan', 'engineless', { engine: '/nowhere/terraform' });
    expect(error).toMatchObject({
      code: 'engine-missing',
      message: expect.stringContaining('"/nowhere/terraform" was not found'),
    });
  });

  it('an engine that is too old', async () => {
    simple('old');
    const fake = path.join(fixture.root, 'terraform');
    writeFileSync(fake, `#!/bin/sh\necho '{"terraform_version":"1.4.9"}'\n`, { mode: 0o755 });
    expect((await fixture.run('plan', 'old', { engine: fake })).error).toMatchObject({ code: 'engine-old' });
  });

  it('a Terraform workspace', async () => {
    simple('workspace');
    process.env['TF_WORKSPACE'] = 'blue';
    try {
      expect(JSON.stringify(await fixture.run('plan', 'workspace'))).toContain('TF_WORKSPACE is set to');
    } finally {
      delete process.env['TF_WORKSPACE'];
    }
  });

  it.each([0, 40])('a state file cut off at %d bytes is refused and stays as it is', async (size) => {
    const name = `cut${size}`;
    simple(name);
    await fixture.run('apply', name);
    const file = fixture.stateFile(`${name}/dev/a`);
    truncateSync(file, size);
    const before = readFileSync(file);
    for (const command of ['plan', 'apply', 'destroy', 'drift'] as const) {
      const result = await fixture.run(command, name, { yes: true, destroyRemoved: true });
      expect(result.error ?? result.stacks[0]!.error).toMatchObject({ code: 'state-corrupt' });
    }
    expect(readFileSync(file)).toEqual(before);
  });

  it('a state that was written in part is stored again where the whole of it is in the working folder', async () => {
    simple('partly');
    await fixture.run('apply', 'partly');
    const file = fixture.stateFile('partly/dev/a');
    const whole = readFileSync(file, 'utf8');
    const errored = path.join(fixture.dir('partly'), '.mlterra', 'stacks', 'dev-a', 'errored.tfstate');
    writeFileSync(errored, whole);
    truncateSync(file, 40);
    expect((await fixture.run('plan', 'partly')).stacks[0]!.error).toMatchObject({ code: 'state-corrupt' });
    const applied = await fixture.run('apply', 'partly');
    expect(applied.stacks.map(({ error }) => error)).toEqual([undefined]);
    expect(fixture.state('partly/dev/a').resources).toHaveLength(2);
    expect(readFileSync(`${file}.cut-off`, 'utf8')).toBe(whole.slice(0, 40));
    expect(statuses(await fixture.run('apply', 'partly'))).toEqual({ 'partly/dev/a': 'unchanged' });
  });

  it('two applies at once: the second waits, or says who is running', async () => {
    const flag = path.join(fixture.root, 'go');
    fixture.environment(
      'busy',
      builtinEnvironment('busy', {
        dev: { a: { command: `touch ${flag}.begun; while ! test -e ${flag}; do sleep 0.05; done` } },
      }),
    );
    const first = new Child('apply', fixture.request('busy'));
    while (!existsSync(`${flag}.begun`)) await sleep(20);
    const refused = await fixture.run('apply', 'busy', { lockTimeoutSeconds: 0 });
    expect(refused.error).toMatchObject({ code: 'run-busy' });
    const waiting = fixture.run('apply', 'busy', { lockTimeoutSeconds: 60 });
    writeFileSync(flag, '');
    expect(await first.ended).toBe(0);
    expect(statuses(await waiting)).toEqual({ 'busy/dev/a': 'unchanged' });
  }, 60_000);

  it('a state that Terraform itself has locked', async () => {
    simple('locked');
    await fixture.run('apply', 'locked');
    // By hand, in a working folder beside that of the stack.
    const stacks = path.join(fixture.dir('locked'), '.mlterra', 'stacks');
    cpSync(path.join(stacks, 'dev-a'), path.join(stacks, 'hand'), { recursive: true });
    const flag = path.join(fixture.root, 'hand');
    const command = `touch ${flag}.begun; while ! test -e ${flag}; do sleep 0.05; done`;
    writeFileSync(
      path.join(stacks, 'hand', 'more.tf.json'),
      JSON.stringify({
        resource: { terraform_data: { More: { provisioner: [{ 'local-exec': { command } }] } } },
      }),
    );
    const byHand = spawn('terraform', ['apply', '-auto-approve'], {
      cwd: path.join(stacks, 'hand'),
      stdio: 'ignore',
    });
    while (!existsSync(`${flag}.begun`)) await sleep(20);
    fixture.environment('locked', builtinEnvironment('locked', { dev: { a: { input: { v: '2' } } } }));
    const refused = await fixture.run('apply', 'locked', { lockTimeoutSeconds: 0 });
    writeFileSync(flag, '');
    await once(byHand, 'exit');
    expect(refused.stacks[0]!.error).toMatchObject({
      code: 'state-busy',
      message: expect.stringMatching(/The state is locked: held by .+, operation OperationTypeApply/),
    });
    expect(statuses(await fixture.run('apply', 'locked'))).toEqual({ 'locked/dev/a': 'applied' });
  }, 60_000);

  describe('no space left on the state folder', () => {
    // A file system of its own takes a mount, which only root can make.
    const itAsRoot = process.getuid?.() === 0 ? it : it.skip;
    const mount = (name: string, size: string): string => {
      const folder = path.join(fixture.dir(name), '.mlterra', 'state');
      mkdirSync(folder, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
      return folder;
    };

    itAsRoot('from the start: nothing is begun', async () => {
      simple('full');
      const folder = mount('full', '64k');
      try {
        expect(await fixture.run('apply', 'full')).toMatchObject({ error: { code: 'state-folder-full' } });
        expect(existsSync(fixture.stateFile('full/dev/a'))).toBe(false);
      } finally {
        execFileSync('umount', [folder]);
      }
    });

    itAsRoot('in the middle: what was made is not forgotten, and the next run saves it', async () => {
      const made = path.join(fixture.root, 'made');
      fixture.environment('filling', 'export default 1;');
      const folder = mount('filling', '2m');
      try {
        fixture.environment(
          'filling',
          builtinEnvironment('filling', {
            dev: {
              a: {
                // More than the pages that a small state already has.
                input: { padding: 'x'.repeat(20_000) },
                command: `echo once >> ${made}; dd if=/dev/zero of=${folder}/ballast bs=4k status=none || true`,
                chain: { After: 'true' },
              },
            },
          }),
        );
        const first = await fixture.run('apply', 'filling');
        expect(first.stacks[0]).toMatchObject({ status: 'failed' });
        expect(first.stacks[0]!.error!.message).toMatch(/no space left on device/);
        expect(statuses(await fixture.run('plan', 'filling'))).not.toEqual({ 'filling/dev/a': 'unchanged' });

        rmSync(path.join(folder, 'ballast'));
        const second = await fixture.run('apply', 'filling');
        expect(second.stacks.map(({ error }) => error?.message)).toEqual([undefined]);
        expect(statuses(second)).toEqual({ 'filling/dev/a': 'applied' });
        expect(readFileSync(made, 'utf8')).toBe('once\n');
        expect(statuses(await fixture.run('apply', 'filling'))).toEqual({ 'filling/dev/a': 'unchanged' });
      } finally {
        execFileSync('umount', [folder]);
      }
    });
  });
});
