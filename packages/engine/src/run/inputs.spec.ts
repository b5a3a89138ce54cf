/** @long */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandName } from '../command';
import { outsideInputs } from '../inputs/outside-inputs';
import type { SynthesizedStack } from '../synth/synthesize';
import { Fixture, statuses } from '../testing/fixture';

describe('inputs from outside', () => {
  const fixture = new Fixture();
  const before = { ...process.env };
  const data = path.join(fixture.root, 'data');

  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  });
  afterAll(() => fixture.remove());

  /** An environment of one stack, whose constructs are made by these statements. */
  function environment(name: string, statements: string, options = ''): void {
    mkdirSync(data, { recursive: true });
    fixture.environment(
      name,
      `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource, DataTerraformRemoteStateLocal, Fn, TerraformOutput, TerraformVariable } from 'cdktf';
void [DataResource, DataTerraformRemoteStateLocal, Fn, TerraformOutput, TerraformVariable];
const data = ${JSON.stringify(data)};
export default defineEnvironment({
  name: '${name}', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) { const stack = stage.stack('a'${options}); void data; ${statements} },
});`,
    );
  }

  const look = async (
    command: CommandName,
    name: string,
  ): Promise<{ status?: string; reasons?: unknown }> => {
    const { stacks, error } = await fixture.run(command, name);
    expect(error).toBeUndefined();
    return { status: stacks[0]?.status, reasons: stacks[0]?.reasons };
  };
  const put = (file: string, text: string): string => {
    const target = path.join(data, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    return target;
  };

  it.each<[string, string, () => void, (reason: string) => string]>([
    [
      'a variable',
      `const size = new TerraformVariable(stack, 'size', { default: 'S' }); new DataResource(stack, 'R', { input: { size: size.stringValue } });`,
      () => void (process.env['TF_VAR_size'] = 'L'),
      () => 'the variable size changed',
    ],
    [
      'a file',
      `new DataResource(stack, 'R', { input: { v: Fn.file(data + '/one.txt') } });`,
      () => put('one.txt', '2'),
      (dir) => `the file ${dir}/one.txt changed`,
    ],
    [
      'the hash of a file',
      `new DataResource(stack, 'R', { input: { v: Fn.filesha256(data + '/sum.txt') } });`,
      () => put('sum.txt', '2'),
      (dir) => `the file ${dir}/sum.txt changed`,
    ],
    [
      'a template',
      `new DataResource(stack, 'R', { input: { v: Fn.templatefile(data + '/a.tpl', { x: 1 }) } });`,
      () => put('a.tpl', '2 ${x}'),
      (dir) => `the file ${dir}/a.tpl changed`,
    ],
    [
      'a file that a template reads',
      `new DataResource(stack, 'R', { input: { v: Fn.templatefile(data + '/outer.tpl', { x: 1 }) } });`,
      () => put('inner.txt', '2'),
      (dir) => `the file ${dir}/inner.txt changed`,
    ],
    [
      'a set of files',
      `new DataResource(stack, 'R', { input: { v: Fn.fileset(data + '/set', '**') } });`,
      () => put('set/deep/b', ''),
      (dir) => `the list of files in ${dir}/set changed`,
    ],
    [
      'the existence of a file',
      `new DataResource(stack, 'R', { input: { v: '\${fileexists("' + data + '/perhaps")}' } });`,
      () => put('perhaps', ''),
      (dir) => `the existence of ${dir}/perhaps changed`,
    ],
    [
      'an output with a file',
      `new DataResource(stack, 'R', { input: {} }); new TerraformOutput(stack, 'o', { value: Fn.file(data + '/out.txt') });`,
      () => put('out.txt', '2'),
      (dir) => `the file ${dir}/out.txt changed`,
    ],
  ])('%s that changed is seen and named', async (title, statements, change, reason) => {
    const name = title.replaceAll(' ', '-').toLowerCase();
    for (const file of ['one.txt', 'sum.txt', 'a.tpl', 'inner.txt', 'set/a', 'out.txt']) put(file, '1');
    put('outer.tpl', `\${file("${data}/inner.txt")}`);
    environment(name, statements);
    expect(await look('apply', name)).toMatchObject({ status: 'applied' });
    expect(await look('plan', name)).toEqual({ status: 'unchanged', reasons: [] });
    change();
    expect(await look('plan', name)).toEqual({ status: 'changed', reasons: [reason(data)] });
    expect(await look('drift', name)).toEqual({
      status: 'in-sync',
      reasons: [`${reason(data)} (not drift: see plan)`],
    });
    expect(await look('apply', name)).toEqual({ status: 'applied', reasons: [reason(data)] });
    expect(await look('plan', name)).toEqual({ status: 'unchanged', reasons: [] });
  });

  it('a chart in a folder, and other files that providers read themselves, count; what is only passed on does not', () => {
    const looked = (chart: string): Readonly<Record<string, string>> =>
      outsideInputs(
        {
          key: 'e/dev/a',
          config: {
            resource: {
              helm_release: { r: { chart } },
              docker_container: { c: { mounts: [{ source: data + '/volume', type: 'bind' }] } },
            },
          },
          assets: [],
          reads: [],
          frozen: false,
        } as unknown as SynthesizedStack,
        path.join(data, 'work', 'stack'),
      ).hashes;
    for (const file of ['chart/Chart.yaml', 'chart/templates/a.yaml', 'image/Dockerfile', 'volume/x'])
      put(file, '1');
    for (const chart of [`${data}/chart`, '../../chart', '${path.module}/../../chart']) {
      put('chart/templates/a.yaml', '1');
      const before = looked(chart);
      expect(Object.keys(before)).toEqual([`folder ${chart.replace('${path.module}', '.')}`]);
      put('chart/templates/a.yaml', '2');
      put('volume/x', String(Math.random()));
      const after = looked(chart);
      expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual([
        `folder ${chart.replace('${path.module}', '.')}`,
      ]);
    }
    expect(looked('mlflow')).toEqual(looked('oci://registry.example.com/mlflow'));
  });

  it('a value of a variable is never kept in clear', async () => {
    process.env['TF_VAR_password'] = 'hunter2-hunter2';
    environment(
      'secret',
      `const password = new TerraformVariable(stack, 'password', { sensitive: true }); new DataResource(stack, 'R', { input: { n: Fn.lengthOf(password.stringValue) } });`,
    );
    expect(await look('apply', 'secret')).toMatchObject({ status: 'applied' });
    expect(readFileSync(fixture.stateFile('secret/dev/a'), 'utf8')).not.toContain('hunter2');
    expect(await look('plan', 'secret')).toMatchObject({ status: 'unchanged' });
    process.env['TF_VAR_password'] = 'hunter3-hunter3';
    expect(await look('plan', 'secret')).toEqual({
      status: 'restamp',
      reasons: ['the variable password changed'],
    });
  });

  it('a variable that the stack does not declare, and files that it does not read, play no part', async () => {
    environment('apart', `new DataResource(stack, 'R', { input: { v: '1' } });`);
    await look('apply', 'apart');
    process.env['TF_VAR_other'] = '1';
    put('other.txt', '1');
    expect(await look('plan', 'apart')).toEqual({ status: 'unchanged', reasons: [] });
  });

  it.each<[string, string, string]>([
    ['time', `new DataResource(stack, 'R', { input: { v: '\${timestamp()}' } });`, 'it calls timestamp()'],
    [
      'uuid',
      `new DataResource(stack, 'R', { input: { v: '1' }, lifecycle: { ignoreChanges: ['input'] } }); new DataResource(stack, 'S', { input: { v: '\${uuid()}' }, lifecycle: { ignoreChanges: ['input'] } });`,
      'it calls uuid()',
    ],
    [
      'computed',
      `const name = new TerraformVariable(stack, 'name', { default: 'one.txt' }); new DataResource(stack, 'R', { input: { v: Fn.file(data + '/' + name.stringValue) } });`,
      'it calls file() with a computed path',
    ],
    [
      'foreign-state',
      `const other = new DataTerraformRemoteStateLocal(stack, 'other', { path: data + '/other.tfstate' }); new DataResource(stack, 'R', { input: { v: other.getString('v') } });`,
      'it reads data.terraform_remote_state.other',
    ],
  ])('what no digest can hold (%s) is planned every time', async (name, statements, reason) => {
    put('one.txt', '1');
    const state = { version: 4, serial: 1, lineage: 'x', terraform_version: '1.11.4', resources: [] };
    const other = (v: string): string =>
      put('other.tfstate', JSON.stringify({ ...state, outputs: { v: { value: v, type: 'string' } } }));
    other('1');
    const reasons = [`${reason}: planned every time`];
    environment(name, statements);
    expect(await look('apply', name)).toMatchObject({ status: 'applied' });
    if (name === 'time') {
      expect(await look('plan', name)).toEqual({ status: 'changed', reasons });
      expect(await look('apply', name)).toEqual({ status: 'applied', reasons });
      return;
    }
    const { serial } = fixture.state(`${name}/dev/a`);
    expect(await look('plan', name)).toMatchObject({ status: 'unchanged', reasons });
    expect(await look('apply', name)).toMatchObject({ status: 'unchanged', reasons });
    expect(fixture.state(`${name}/dev/a`).serial).toBe(serial);
    if (name === 'uuid') return;
    put('one.txt', '2');
    other('2');
    expect(await look('plan', name)).toEqual({ status: 'changed', reasons });
    expect(await look('apply', name)).toEqual({ status: 'applied', reasons });
  });

  it('a frozen stack is planned for other reasons only', async () => {
    const statements = (v: string): string =>
      `new DataResource(stack, 'R', { input: { v: '${v}', t: '\${timestamp()}', f: Fn.file(data + '/frozen.txt') } });`;
    put('frozen.txt', '1');
    environment('frozen', statements('1'), ', { frozen: true }');
    await look('apply', 'frozen');
    expect(await look('plan', 'frozen')).toEqual({ status: 'unchanged', reasons: [] });
    put('frozen.txt', '2');
    expect(await look('plan', 'frozen')).toMatchObject({
      status: 'changed',
      reasons: [`the file ${data}/frozen.txt changed`],
    });
    environment('frozen', statements('2'), ', { frozen: true }');
    expect(await look('apply', 'frozen')).toMatchObject({ status: 'applied' });
    expect(statuses(await fixture.run('plan', 'frozen', { all: true }))).toEqual({
      'frozen/dev/a': 'changed',
    });
  });

  it('a stage that is left alone is planned to tell whether it is settled', async () => {
    fixture.environment(
      'shared',
      `
import { defineEnvironment, exportOutputs, localState } from '@mlterra/core';
import { DataResource, Fn, TerraformVariable } from 'cdktf';
export default defineEnvironment({
  name: 'shared', backend: localState(), stages: { dev: { profile: 'development', settings: undefined } },
  shared(stage) {
    const stack = stage.stack('base');
    const name = new TerraformVariable(stack, 'name', { default: 'base.txt' });
    new DataResource(stack, 'R', { input: { v: Fn.file(${JSON.stringify(data)} + '/' + name.stringValue) } });
    return exportOutputs(stack, { host: 'h' });
  },
  build(stage, { host }) { const stack = stage.stack('a'); new DataResource(stack, 'R', { input: { host: host.at(stack) } }); },
});`,
    );
    put('base.txt', '1');
    expect((await fixture.run('apply', 'shared')).stacks.map(({ status }) => status)).toEqual([
      'applied',
      'applied',
    ]);
    const dev = async (): Promise<unknown> =>
      (await fixture.run('plan', 'shared', { stage: 'dev' })).stacks[0]?.status;
    expect(await dev()).toBe('unchanged');
    put('base.txt', '2');
    expect(await dev()).toBe('waiting');
    rmSync(path.join(data, 'base.txt'));
  });
});
