import { Fn, Token } from 'cdktf';
import { renderLiteral, renderLiterals } from './literal';
import { exportOutputs } from './outputs';
import { build, demo } from './testing/synth';

describe('renderLiteral', () => {
  it.each([
    ['plain $x %y {z}', 'plain $x %y {z}'],
    ['', ''],
    ['${a}', '$${a}'],
    ['%{if}', '%%{if}'],
    ['$$${a}', '$$$${a}'],
    ['%$%{a}', '%$%%{a}'],
    ['${a} and %{b}', '$${a} and %%{b}'],
    ['${a{b}c}', '$${a{b}c}'],
    ['{$}', '{$}'],
    // Ends at which a reference or the opener of a template may follow, and openers that are never closed.
    ['$', '${"$"}'],
    ['100 %', '100 ${"%"}'],
    ['$$', '${"$$"}'],
    ['${', '${"$"}{'],
    ['${ {}', '${"$"}{ {}'],
    ['${a} ${', '$${a} ${"$"}{'],
  ])('of %j is %j', (text, rendered) => {
    expect(renderLiteral(text)).toBe(rendered);
  });

  it('leaves references alone, wherever they are in the text', () => {
    const reference = Token.asString(Fn.upper('x'));
    expect(renderLiteral(reference)).toBe(reference);
    expect(renderLiteral(`${reference}\${a}${reference}%`)).toBe(`${reference}$\${a}${reference}\${"%"}`);
    expect(renderLiteral(`$${reference}`)).toBe(`\${"$"}${reference}`);
  });

  it('is applied exactly once: a second time would double the escapes', () => {
    expect(renderLiteral('${a}')).toBe('$${a}');
    expect(renderLiteral(renderLiteral('${a}'))).toBe('$$${a}');
  });
});

describe('renderLiterals', () => {
  it('renders every text of a value, keys included, and nothing else', () => {
    const computed = Fn.merge([{ '${a}': 1 }]);
    expect(
      renderLiterals({ '${k}': ['${v}', 1, true, null, undefined, { deep: '%{v}' }], computed }),
    ).toEqual({ '$${k}': ['$${v}', 1, true, null, undefined, { deep: '%%{v}' }], computed });
    expect(renderLiterals('${v}')).toBe('$${v}');
  });

  it('refuses an output or a secret, which has no text without a scope', () => {
    expect.assertions(1);
    build(
      demo((stack) => {
        const { host } = exportOutputs(stack('main'), { host: 'db' });
        expect(() => renderLiterals({ hosts: [host] })).toThrow('A StackOutput is put into a plain string');
      }),
    );
  });
});
