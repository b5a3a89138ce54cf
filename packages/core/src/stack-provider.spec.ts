import { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { stackProvider } from './stack-provider';
import { Data } from './testing/resources';
import { build, demo } from './testing/synth';

class Provider extends TerraformProvider {
  public constructor(scope: Construct, type: string) {
    super(scope, `provider-${type}`, { terraformResourceType: type });
  }
}

describe('stackProvider', () => {
  it('is one of each type and stack, made once, in the stack itself', () => {
    expect.assertions(5);
    build(
      demo((stack) => {
        const [first, second] = [stack('first'), stack('second')];
        new Data(first, 'google', 'no provider');
        const inner = new Construct(first, 'inner');
        const made: string[] = [];
        const provider = (scope: Construct, type: string): TerraformProvider =>
          stackProvider(scope, type, (where) => {
            made.push(`${where.key} ${type}`);
            return new Provider(where, type);
          });
        const docker = provider(inner, 'docker');
        const google = provider(inner, 'google');
        expect(docker.node.scope).toBe(first);
        expect(provider(first, 'docker')).toBe(docker);
        expect(provider(new Construct(inner, 'deeper'), 'google')).toBe(google);
        expect(provider(second, 'docker')).not.toBe(docker);
        expect(made).toEqual(['demo/dev/first docker', 'demo/dev/first google', 'demo/dev/second docker']);
      }),
    );
  });

  it('is one that the environment itself has made somewhere in the stack', () => {
    expect.assertions(1);
    build(
      demo((stack) => {
        const main = stack('main');
        const own = new Provider(new Construct(main, 'inner'), 'docker');
        const make = (): never => {
          throw new Error('made a second one');
        };
        expect(stackProvider(main, 'docker', make)).toBe(own);
      }),
    );
  });
});
