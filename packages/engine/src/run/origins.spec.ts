import { renderMarkdown } from '../report/markdown';
import { counts, planLines } from '../report/tables';
import { stripVTControlCharacters as plain } from 'node:util';
import { Fixture, statuses } from '../testing/fixture';

describe('resources that are imported, moved and forgotten', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  const define = (name: string, body: string): void => {
    fixture.environment(
      name,
      `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource } from 'cdktf';
export default defineEnvironment({
  name: '${name}',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('a');
    const data = (id: string, input: string) => new DataResource(stack, id, { input: input as never });
    ${body}
  },
});`,
    );
  };
  const plan = async (name: string) => {
    const { stacks, whole } = await fixture.run('plan', name);
    const [stack] = stacks;
    return {
      status: stack!.status,
      resources: stack!.plan!.resources,
      counts: counts(stack!),
      lines: planLines(stack!)
        .slice(1)
        .map((line) => plain(line)),
      markdown: renderMarkdown(whole),
    };
  };

  it('tells a move, and a move with an update', async () => {
    define('moving', `data('Same', 's'); data('Other', 'o');`);
    await fixture.run('apply', 'moving');
    define(
      'moving',
      `data('NewSame', 's').moveFromId('terraform_data.Same'); data('NewOther', 'p').moveFromId('terraform_data.Other');`,
    );
    const planned = await plan('moving');
    expect(planned).toMatchObject({
      status: 'changed',
      resources: [
        { address: 'terraform_data.NewOther', action: 'update', previousAddress: 'terraform_data.Other' },
        { address: 'terraform_data.NewSame', action: 'move', previousAddress: 'terraform_data.Same' },
      ],
      counts: '~1 move 2',
    });
    expect(planned.lines).toEqual(
      expect.arrayContaining([
        '  ~ terraform_data.NewOther, moved from terraform_data.Other',
        '  move terraform_data.NewSame, from terraform_data.Same',
      ]),
    );
    expect(planned.markdown).toContain('  move terraform_data.NewSame, from terraform_data.Same\n');
    expect(statuses(await fixture.run('drift', 'moving'))).toEqual({ 'moving/dev/a': 'in-sync' });
    expect(statuses(await fixture.run('apply', 'moving'))).toEqual({ 'moving/dev/a': 'applied' });
    expect(statuses(await fixture.run('apply', 'moving'))).toEqual({ 'moving/dev/a': 'unchanged' });
  });

  it('calls a plan with a move alone a change', async () => {
    define('renamed', `data('Old', 'v');`);
    await fixture.run('apply', 'renamed');
    define('renamed', `data('New', 'v').moveFromId('terraform_data.Old');`);
    expect(await plan('renamed')).toMatchObject({ status: 'changed', counts: 'move 1' });
    const applied = await fixture.run('apply', 'renamed');
    expect(statuses(applied)).toEqual({ 'renamed/dev/a': 'applied' });
    expect(fixture.state('renamed/dev/a').resources.map(({ name }) => name)).toEqual(['New', 'mlterra']);
  });

  it('tells an import with its id, and an import with an update', async () => {
    define('adopting', `data('Kept', 'k');`);
    await fixture.run('apply', 'adopting');
    define(
      'adopting',
      `data('Kept', 'k'); new DataResource(stack, 'Plain', {}).importFrom('id-1'); data('Changed', 'c').importFrom('id-2');`,
    );
    const planned = await plan('adopting');
    expect(planned).toMatchObject({
      status: 'changed',
      resources: [
        { address: 'terraform_data.Changed', action: 'update', importId: 'id-2' },
        { address: 'terraform_data.Plain', action: 'import', importId: 'id-1' },
      ],
      counts: '~1 import 2',
    });
    expect(planned.lines).toEqual(
      expect.arrayContaining([
        '  ~ terraform_data.Changed, imported, id "id-2"',
        '  import terraform_data.Plain, id "id-1"',
      ]),
    );
    expect(planned.markdown).toContain('| `adopting/dev/a` | changed | ~1 import 2 |');
    define('adopting', `data('Kept', 'k'); new DataResource(stack, 'Plain', {}).importFrom('id-1');`);
    expect(statuses(await fixture.run('apply', 'adopting'))).toEqual({ 'adopting/dev/a': 'applied' });
    expect(statuses(await fixture.run('plan', 'adopting'))).toEqual({ 'adopting/dev/a': 'unchanged' });
  });

  it('tells what is forgotten', async () => {
    define('leaving', `data('Kept', 'k'); data('Left', 'l');`);
    await fixture.run('apply', 'leaving');
    const removed = `stack.addOverride('removed', [{ from: 'terraform_data.Left', lifecycle: [{ destroy: false }] }]);`;
    define('leaving', `data('Kept', 'k'); ${removed}`);
    expect(await plan('leaving')).toMatchObject({
      status: 'changed',
      resources: [{ address: 'terraform_data.Left', action: 'forget' }],
      counts: 'x1',
      lines: expect.arrayContaining(['  x terraform_data.Left, not destroyed']),
    });
    expect(statuses(await fixture.run('apply', 'leaving'))).toEqual({ 'leaving/dev/a': 'applied' });
  });
});
