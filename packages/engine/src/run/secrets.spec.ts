import { renderMarkdown } from '../report/markdown';
import { renderTables } from '../report/tables';
import { Fixture, statuses } from '../testing/fixture';
import type { CommandResult } from './result';

/** All that is printed of a result, in every form. */
function printed(result: CommandResult): string {
  const text = renderTables(result, { explain: true, columns: 200 });
  return [text, renderMarkdown(result), JSON.stringify(result)].join('\n');
}

describe('a secret', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  const define = (name: string, body: string): void => {
    fixture.environment(
      name,
      `
import { defineEnvironment, localState } from '@mlterra/core';
import { DataResource, Fn, Token } from 'cdktf';
const sensitive = (text: string): string => Token.asString(Fn.sensitive(text));
void sensitive;
export default defineEnvironment({
  name: '${name}',
  backend: localState(),
  stages: { dev: { profile: 'development', settings: undefined } },
  build(stage) {
    const stack = stage.stack('a');
    ${body}
  },
});`,
    );
  };

  it('is not printed when the object it is in becomes unknown, another kind or nothing', async () => {
    const before = `{ password: sensitive('canary-1'), user: 'open-1', list: [sensitive('canary-2'), 'open-2'] }`;
    const resources = (inputs: readonly string[]): string =>
      inputs
        .map((input, index) => `new DataResource(stack, 'R${index}', { input: ${input} as never });`)
        .join('\n');
    const fresh = (trigger: string): string =>
      `const fresh = new DataResource(stack, 'Fresh', { triggersReplace: { v: '${trigger}' } as never }); void fresh;\n`;
    define('shapes', fresh('1') + resources([before, before, before, before]));
    expect(statuses(await fixture.run('apply', 'shapes'))).toEqual({ 'shapes/dev/a': 'applied' });
    define(
      'shapes',
      fresh('2') +
        resources(['fresh.id', `'text'`, `{ user: fresh.id }`, `[{ password: sensitive('canary-3') }]`]),
    );
    const plan = await fixture.run('plan', 'shapes');
    expect(statuses(plan)).toEqual({ 'shapes/dev/a': 'changed' });
    expect(printed(plan.whole)).not.toContain('canary');
    expect(printed(plan.whole)).toContain('open-1');
    expect(printed((await fixture.run('apply', 'shapes')).whole)).not.toContain('canary');
  });

  it('is not printed when the provisioner that has it fails', async () => {
    const provisioner = `{ type: 'local-exec', command: \`echo \${sensitive('canary')}; exit 3\` }`;
    define('failing', `new DataResource(stack, 'R', { provisioners: [${provisioner} as never] });`);
    const result = await fixture.run('apply', 'failing');
    expect(statuses(result)).toEqual({ 'failing/dev/a': 'failed' });
    expect(printed(result.whole)).not.toContain('canary');
    expect(result.stacks[0]!.error!.message).toContain(
      'exit status 3; the command and its output are not shown, because they hold a sensitive value',
    );
  });

  it('leaves the error of another provisioner as it is', async () => {
    define(
      'open',
      `new DataResource(stack, 'R', { provisioners: [{ type: 'local-exec', command: 'echo seen; exit 3' }] });`,
    );
    expect((await fixture.run('apply', 'open')).stacks[0]!.error!.message).toContain('Output: seen');
  });
});
