import { TerraformOutput } from 'cdktf';
import { renderLiteral } from './literal';
import { Data } from './testing/resources';
import { demo, withSynthesized } from './testing/synth';

/** Texts as they lie in scripts, dashboards and commands. */
const texts = [
  'plain',
  '',
  '${HOME}',
  '$${HOME}',
  '$$${HOME}',
  '$$$${a}$${b}',
  '%{if true}x%{endif}',
  '%%{ if }',
  '%$%{a}$%${b}',
  '$',
  '%',
  '$$',
  '%%',
  '${',
  '%{',
  '$ {x}',
  '{}',
  '}',
  'date +%s; awk \'{print $1}\' "$@"; echo "${1:-none}" `id` \\${x}',
  '{{ .Values.x }} {{- if }} {% raw %} #{ruby}',
  'back\\slash \\n \\u0041 "quoted" \'single\'',
  'line one\nline two\r\nline three\ttab',
  'Grüße, 日本語, 🚀, \u00a0 \u2028 \ufeff',
  '<b>&amp;</b>',
  '\u0001\u001b[31m',
];

/** Reproducible texts out of the characters that mean something to Terraform. */
function randomTexts(count: number, seed: number): string[] {
  const alphabet = ['$', '%', '{', '}', '"', '\\', '\n', 'a', ' ', '~', '(', '.'];
  let state = seed;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(12) }, () => alphabet[next(alphabet.length)]).join(''),
  );
}

describe('renderLiteral', () => {
  it('lets every text arrive byte for byte after a real apply', () => {
    const all = [...texts, ...randomTexts(300, 20_261_121)];
    const environment = demo((stack) => {
      const main = stack('main');
      all.forEach((text, index) => {
        const data = new Data(main, `data-${index}`, renderLiteral(text));
        new TerraformOutput(main, `output-${index}`, { value: data.output });
      });
    });
    const outputs = withSynthesized(environment, (synthesized) => synthesized.apply('dev-main'));
    all.forEach((text, index) => {
      expect([index, outputs[`output-${index}`]]).toEqual([index, text]);
    });
  });

  it('keeps references between literal text, and what they point to is not expanded again', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      const source = new Data(main, 'source', renderLiteral('${not.a.reference}'));
      const composed = new Data(
        main,
        'composed',
        renderLiteral(`a=\${A} b=${source.output} c=%{C}$${source.output}`),
      );
      new TerraformOutput(main, 'composed-output', { value: composed.output });
    });
    const outputs = withSynthesized(environment, (synthesized) => synthesized.apply('dev-main'));
    expect(outputs['composed-output']).toBe('a=${A} b=${not.a.reference} c=%{C}$${not.a.reference}');
  });

  it('gives texts that may be joined, whatever the ends are', () => {
    const ends = ['$', '%', '$$', '{', '{a}', 'x', '${', '%{', '${{', '${$', '${x', '{$'];
    const pairs = ends.flatMap((left) => ends.map((right) => [left, right] as const));
    const environment = demo((stack) => {
      const main = stack('main');
      const source = new Data(main, 'source', renderLiteral('{ref}'));
      const joined = pairs.map(([left, right]) => renderLiteral(left) + renderLiteral(right) + source.output);
      new TerraformOutput(main, 'output', { value: new Data(main, 'pairs', joined).output });
    });
    const outputs = withSynthesized(environment, (synthesized) => synthesized.apply('dev-main'));
    expect(outputs.output).toEqual(pairs.map(([left, right]) => `${left}${right}{ref}`));
  });
});
