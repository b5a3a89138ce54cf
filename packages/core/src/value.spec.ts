import { MountPath, Secret, text, valueParts } from './value';
import { exportOutputs, type StackOutput } from './outputs';
import { build, demo } from './testing/synth';

function withStack(use: (secret: Secret, output: StackOutput<string>) => void): void {
  build(
    demo((stack) => {
      const { reference } = exportOutputs(stack('main'), { reference: 'secrets/main/password' });
      use(new Secret(reference), reference);
    }),
  );
}

describe('text', () => {
  it('keeps secrets, outputs and mount paths as parts between the literals', () => {
    expect.assertions(1);
    withStack((secret, output) => {
      const path = new MountPath('/etc/app.ini');
      const value = text`user:${secret}@${output}?file=${path}&n=${5432}`;
      expect(value.parts).toEqual(['user:', secret, '@', output, '?file=', path, '&n=', '5432']);
    });
  });

  it('takes texts apart, so that a text in a text is one text', () => {
    expect.assertions(1);
    withStack((secret) => {
      const inner = text`password=${secret}`;
      expect(text`${inner};`.parts).toEqual(['password=', secret, ';']);
    });
  });

  it('has no part for nothing', () => {
    expect(text``.parts).toEqual([]);
    expect(text`${'a'}${'b'}`.parts).toEqual(['a', 'b']);
  });

  it('leaves literal text as it is, escapes included', () => {
    expect(text`\${HOME} %{if} \\ \n`.parts).toEqual(['${HOME} %{if} \\ \n']);
  });
});

describe('valueParts', () => {
  it('gives the parts of every kind of value', () => {
    expect.assertions(4);
    withStack((secret, output) => {
      expect(valueParts('plain')).toEqual(['plain']);
      expect(valueParts(secret)).toEqual([secret]);
      expect(valueParts(output)).toEqual([output]);
      expect(valueParts(text`a${secret}`)).toEqual(['a', secret]);
    });
  });
});
