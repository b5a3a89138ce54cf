/** @long */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { executeCommand } from './execute';
import { builtinEnvironment, Fixture } from './testing/fixture';

describe('what a command prints', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());
  let out = '';
  beforeEach(() => {
    out = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += stripVTControlCharacters(String(text));
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  afterEach(() => jest.restoreAllMocks());

  const define = (value: string): void => {
    fixture.environment(
      'shown',
      builtinEnvironment('shown', {
        dev: { up: { input: { v: value }, outputs: { host: value } }, down: { input: { h: '@up.host' } } },
      }),
    );
  };
  const run = (command: Parameters<typeof executeCommand>[0], request = {}): Promise<number> =>
    executeCommand(command, fixture.request('shown', request));

  it('synth: the files, without any path of this machine', async () => {
    define('one');
    expect(await run('synth')).toBe(0);
    expect(out).toContain('shown/dev/up is in environments/shown/cdktf.out/stacks/dev-up');
    const file = path.join(fixture.dir('shown'), 'cdktf.out', 'stacks', 'dev-up', 'cdk.tf.json');
    const first = readFileSync(file, 'utf8');
    expect(first).not.toContain(fixture.root);
    await run('synth');
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it('plan: stacks, changes and why', async () => {
    define('one');
    expect(await run('plan')).toBe(0);
    expect(out).toMatch(/shown\/dev\/up .*new .*\+1 outputs 1 .*it was never applied/);
    expect(out).toMatch(/shown\/dev\/down .*waiting .*shown\/dev\/up is not applied yet/);
    expect(out).toContain('+ terraform_data.R');
    expect(out).not.toContain('terraform_data.mlterra');
    expect(existsSync(fixture.stateFile('shown/dev/up'))).toBe(false);
  });

  it('plan --markdown: a comment for a pull request', async () => {
    await run('apply');
    define('two');
    out = '';
    expect(await run('plan', { markdown: true })).toBe(0);
    expect(out).toBe(`### Plan for \`shown\`

| stack | status | changes | why |
|---|---|---|---|
| \`shown/dev/up\` | changed | ~1 outputs 1 | its configuration changed |
| \`shown/dev/down\` | waiting |  | shown/dev/up is changing |

<details><summary>Changes</summary>

\`\`\`
shown/dev/up
  ~ terraform_data.R
      input.v: one -> two
      output: {"v":"one"} -> (known after apply)
  ~ output host
      value: one -> two
\`\`\`

</details>
`);
  });

  it('--json: one document', async () => {
    await run('apply');
    out = '';
    expect(await run('plan', { json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      command: 'plan',
      environments: [
        { name: 'shown', stacks: [{ key: 'shown/dev/up', status: 'unchanged' }, { status: 'unchanged' }] },
      ],
      engineSeconds: expect.any(Number),
    });
  });

  it('output: values by stack', async () => {
    await run('apply');
    out = '';
    expect(await run('output')).toBe(0);
    expect(out).toMatch(/shown\/dev\/up .*host .*two/);
  });

  it('an error: once, without a stack trace; with one when asked', async () => {
    const request = { environmentDirs: [fixture.dir('nowhere')] };
    expect(await run('plan', request)).toBe(1);
    expect(out.match(/There is no environment\.ts in/g)).toHaveLength(1);
    expect(out).not.toMatch(/\n\s+at /);
    out = '';
    await run('plan', { ...request, verbose: true });
    expect(out).toMatch(/\n\s+at /);
  });

  it('what an environment prints while it is loaded and built: on standard error', async () => {
    const say = (what: string): string => `process.stdout.write('${what}\\n')`;
    const source = builtinEnvironment('chatty', { dev: { up: {} } }).replace(
      'build: (stage, shared) =>',
      `build: (stage, shared) => ${say('built')} &&`,
    );
    fixture.environment('chatty', `${say('loaded')};\n${source}`);
    expect(await run('plan', { environmentDirs: [fixture.dir('chatty')], json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ environments: [{ name: 'chatty' }] });
    const told = jest.mocked(process.stderr.write).mock.calls.map(([text]) => String(text));
    expect(told).toEqual(expect.arrayContaining(['loaded\n', 'built\n']));
  });

  it('plan and apply: what a construct warns of, as a note', async () => {
    const source = builtinEnvironment('warned', { dev: { up: {} } })
      .replace('import { DataResource }', 'import { Annotations, DataResource }')
      .replace('  let last =', "  Annotations.of(stack).addWarning('upstream is archived');\n  let last =");
    const environmentDirs = [fixture.environment('warned', source)];
    for (const command of ['plan', 'apply'] as const) {
      out = '';
      expect(await run(command, { environmentDirs })).toBe(0);
      expect(out.match(/note: dev-up: upstream is archived/g)).toHaveLength(1);
    }
  });

  describe('an environment that is wrong', () => {
    const planned = async (source: string): Promise<string> => {
      const dir = fixture.environment('wrong', source);
      writeFileSync(path.join(dir, 'tsconfig.json'), '{}');
      expect(await run('plan', { environmentDirs: [dir] })).toBe(1);
      return out;
    };
    const source = builtinEnvironment('wrong', { dev: { up: { outputs: { host: 'v' } } } });

    it('a package that is not installed: which one to install', async () => {
      const shown = await planned(`import { X } from '@cdktf/provider-nowhere/lib/x';\nvoid X;\n${source}`);
      expect(shown).toContain('to do:    run: npm install @cdktf/provider-nowhere');
      expect(shown).not.toContain('correct the types');
    });

    it('a module that its package does not have: nothing to install', async () => {
      const shown = await planned(`import { X } from '@mlterra/core/nowhere';\nvoid X;\n${source}`);
      expect(shown).toContain('correct the types');
    });

    it('an output in a plain string: once, with the tag to use', async () => {
      const shown = await planned(
        source.replace("outputs[name + '.' + output] = value;", 'outputs[`${value}`] = value;'),
      );
      expect(shown.match(/A StackOutput is put into a plain string/g)).toHaveLength(1);
      expect(shown).toContain('to do:    import { text }');
      expect(shown).not.toContain('defect');
    });
  });

  it('drift: exit code 2 when there is some', async () => {
    await run('apply');
    expect(await run('drift')).toBe(0);
    expect(out).toMatch(/in-sync/);
  });
});
