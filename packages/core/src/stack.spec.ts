import { tmpdir } from 'node:os';
import { App, TerraformHclModule, TerraformOutput, TerraformResource, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { defineEnvironment, type Environment } from './environment';
import { Stack } from './stack';
import { localState } from './state/local';
import { Data } from './testing/resources';
import { build, demo, Synthesized, withSynthesized } from './testing/synth';

describe('Stack', () => {
  it('is found from any construct in it, of whatever copy of the package', () => {
    expect.assertions(3);
    build(
      demo((stack) => {
        const main = stack('main');
        const inner = new Construct(new Construct(main, 'a'), 'b');
        expect(Stack.ofConstruct(inner)).toBe(main);
        expect(Stack.ofConstruct(main)).toBe(main);
        jest.isolateModules(() => {
          const other = jest.requireActual<typeof import('./stack')>('./stack');
          expect(other.Stack.ofConstruct(inner)).toBe(main);
        });
      }),
    );
  });

  it('is missing around a construct of a plain CDKTF stack', () => {
    const plain = new TerraformStack(new App({ outdir: tmpdir() }), 'plain');
    expect(Stack.isMlterraStack(plain)).toBe(false);
    expect(() => Stack.ofConstruct(new Construct(plain, 'bucket'))).toThrow(
      'The construct plain/bucket is not inside a stack of an mlterra environment.',
    );
  });

  it('knows its key and its profile', () => {
    expect.assertions(3);
    build(
      demo((stack) => {
        const main = stack('main');
        expect(main.key).toBe('demo/dev/main');
        expect(main.stackKey).toEqual({ environment: 'demo', stage: 'dev', stack: 'main' });
        expect(main.profile.replicas).toBe(1);
      }),
    );
  });

  it('is frozen only where its stage says so', () => {
    const environment = defineEnvironment({
      name: 'demo',
      backend: localState(),
      stages: { dev: { profile: 'development', settings: undefined } },
      build: (stage) => {
        const stacks = [
          stage.stack('plain'),
          stage.stack('frozen', { frozen: true }),
          stage.stack('live', { frozen: false }),
        ];
        expect(stacks.map(({ frozen }) => frozen)).toEqual([false, true, false]);
      },
    });
    build(environment);
    expect.assertions(1);
  });

  it('leaves the sources of modules as they are written', () => {
    const environment = demo((stack) => {
      new TerraformHclModule(stack('main'), 'module', { source: './modules/a' });
    });
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-main').module.module.source).toBe('./modules/a');
    });
  });

  it('keeps one hook per module, the last one, in a stable order', () => {
    expect.assertions(2);
    build(
      demo((stack) => {
        const main = stack('main');
        expect(main.hooks).toEqual([]);
        main.addHooks({ module: '@mlterra/z/hooks', data: 1 });
        main.addHooks({ module: '@mlterra/a/hooks', data: 2 });
        main.addHooks({ module: '@mlterra/z/hooks', data: 3 });
        expect(main.hooks).toEqual([
          { module: '@mlterra/a/hooks', data: 2 },
          { module: '@mlterra/z/hooks', data: 3 },
        ]);
      }),
    );
  });
});

describe('resources without a provider', () => {
  const table = (): Environment =>
    demo((stack) => {
      const metadata = { providerName: 'google-beta' };
      new TerraformResource(stack('main'), 'table', {
        terraformResourceType: 'google_table',
        terraformGeneratorMetadata: metadata,
      });
    });

  it('are told with their stack, and the construct that is missing', () => {
    expect(() => new Synthesized(table())).toThrow(
      /^The stack demo\/dev\/main has resources without their provider: google-beta for dev-main\/table\.[\s\S]*new GoogleBetaProvider\(stack, …\)/,
    );
  });
});

describe('dependencies between stacks', () => {
  it('stay within the stage, and may go to the shared one', () => {
    const across = (from: 'shared' | 'dev'): Environment =>
      defineEnvironment({
        name: 'demo',
        backend: localState(),
        stages: {
          dev: { profile: 'development', settings: undefined },
          staging: { profile: 'production', settings: undefined },
        },
        shared: (stage) => new Map([['shared', stage.stack('base')]]),
        build(stage, stacks) {
          const main = stage.stack('main');
          const dependency = stacks.get(from);
          if (dependency !== undefined) main.addDependency(dependency);
          stacks.set(stage.name, main);
        },
      });
    const staging = build(across('shared')).node.findChild('staging-main') as Stack;
    expect(staging.dependencies.map(({ node }) => node.id)).toEqual(['shared-base']);
    expect(() => build(across('dev'))).toThrow(
      'The stack demo/staging/main depends on demo/dev/main, a stack of another stage.',
    );
  });

  it('may go to a stack that is not one of mlterra, unless that makes a cycle', () => {
    expect.assertions(3);
    build(
      demo((stack) => {
        const [a, b] = [stack('a'), stack('b')];
        const plain = new TerraformStack(a.node.root, 'plain');
        b.addDependency(plain);
        expect(b.dependsOn(plain)).toBe(true);
        plain.addDependency(a);
        expect(b.dependsOn(a)).toBe(true);
        expect(() => a.addDependency(b)).toThrow(
          'in a cycle: demo/dev/a -> demo/dev/b -> plain -> demo/dev/a.',
        );
      }),
    );
  });

  it('in a cycle are shown without the ways that lead nowhere', () => {
    const environment = demo((stack) => {
      const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(stack) as [Stack, Stack, Stack, Stack, Stack];
      // Two ways to `e`, which leads to nothing, before the way back.
      d.addDependency(e);
      c.addDependency(e);
      c.addDependency(d);
      b.addDependency(c);
      b.addDependency(a);
      a.addDependency(b);
    });
    expect(() => build(environment)).toThrow('in a cycle: demo/dev/a -> demo/dev/b -> demo/dev/a.');
  });

  it('can be given without reading anything', () => {
    const environment = demo((stack) => {
      const [first, second] = [stack('first'), stack('second')];
      second.addDependency(first);
      expect(second.dependsOn(first)).toBe(true);
      expect(first.dependsOn(second)).toBe(false);
      expect(second.reads).toEqual([]);
    });
    build(environment);
    expect.assertions(3);
  });

  it('may not run in a cycle; the message shows the way round', () => {
    const environment = demo((stack) => {
      const [a, b, c] = [stack('a'), stack('b'), stack('c')];
      b.addDependency(a);
      c.addDependency(b);
      a.addDependency(c);
    });
    expect(() => build(environment)).toThrow(
      'The stacks depend on each other in a cycle: demo/dev/a -> demo/dev/c -> demo/dev/b -> demo/dev/a.',
    );
  });

  it('are not made by using a resource of another stack: synth fails and says how it is done', () => {
    const environment = demo((stack) => {
      const network = new Data(stack('network'), 'network', '10.0.0.0/16');
      new TerraformOutput(stack('cluster'), 'range', { value: network.output });
    });
    expect(() => new Synthesized(environment)).toThrow(
      /Another stack uses terraform_data\.network\.output of the stack demo\/dev\/network directly\.[^]*exportOutputs[^]*output\.at\(scope\)/,
    );
  });
});
