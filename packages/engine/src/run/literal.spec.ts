import { builtinEnvironment, Fixture, statuses } from '../testing/fixture';

describe('outputs that Terraform would take for templates', () => {
  const fixture = new Fixture();
  afterAll(() => fixture.remove());

  it('are applied as they are, and not once more', async () => {
    const outputs = {
      pattern: 'pattern ${foo} %{bar}',
      script: '$${a} $$${b} %%{ if }',
      open: '${ and 100 %',
    };
    fixture.environment(
      'literal',
      builtinEnvironment('literal', {
        dev: { up: { outputs }, down: { input: { p: '@up.pattern', s: '@up.script', o: '@up.open' } } },
      }),
    );
    expect(statuses(await fixture.run('apply', 'literal'))).toEqual({
      'literal/dev/up': 'applied',
      'literal/dev/down': 'applied',
    });
    const { stages } = await fixture.run('output', 'literal');
    expect(stages![0]!.stacks).toEqual([{ name: 'up', outputs }]);
    const [resource] = fixture.state('literal/dev/down').resources.filter(({ name }) => name === 'R');
    expect(resource!.instances).toMatchObject([
      { attributes: { input: { value: { p: outputs.pattern, s: outputs.script, o: outputs.open } } } },
    ]);
    expect(statuses(await fixture.run('apply', 'literal'))).toEqual({
      'literal/dev/up': 'unchanged',
      'literal/dev/down': 'unchanged',
    });
  });
});
