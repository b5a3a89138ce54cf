import { ClusterSecretKey, holdsSecret, MountPath, Secret, text, valueParts } from './value';
import { exportOutputs, type StackOutput } from './outputs';
import { Data } from './testing/resources';
import { build, demo, withSynthesized } from './testing/synth';

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

describe('holdsSecret', () => {
  it('finds a secret among the parts, of whatever kind, and takes nothing else for one', () => {
    expect.assertions(2);
    withStack((secret, output) => {
      const key = new ClusterSecretKey(output, { namespace: 'dev', name: 'login' }, 'password');
      expect([secret, key, text`a${output}${secret}`, text`${key}`].map(holdsSecret)).toEqual(
        Array(4).fill(true),
      );
      const others = [
        '',
        'password',
        output,
        new MountPath('/a'),
        text`a${output}${new MountPath('/a')}`,
        text``,
      ];
      expect(others.map(holdsSecret)).toEqual(others.map(() => false));
    });
  });
});

describe('Secret', () => {
  it('has a reference everywhere, and a masked value only where Terraform made it', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      const { reference, value } = exportOutputs(main, { reference: 'secrets/a', value: 'made' });
      const made = new Secret(reference, value);
      const kept = new Secret(reference);
      expect([made, kept].map((secret) => secret.referenceAt(main))).toEqual(['secrets/a', 'secrets/a']);
      const app = stack('app');
      new Data(app, 'app', made.valueAt(app));
      expect(() => kept.valueAt(app)).toThrow(
        'dev-app needs the value of a secret that its platform keeps to itself.',
      );
    });
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-app').resource.terraform_data.app.input).toBe(
        '${sensitive(data.terraform_remote_state.upstream_dev_main.outputs.value)}',
      );
    });
  });

  it('of a cluster says in which Secret and under which key it is', () => {
    expect.assertions(1);
    withStack((_, output) => {
      const secret = { namespace: 'dev', name: 'login' };
      expect(new ClusterSecretKey(output, secret, 'password', 'v2')).toMatchObject({
        secret,
        key: 'password',
        version: 'v2',
      });
    });
  });
});
