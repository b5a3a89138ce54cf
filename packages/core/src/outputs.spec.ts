import { TerraformOutput, Token } from 'cdktf';
import { Construct } from 'constructs';
import { defineEnvironment } from './environment';
import { exportOutputs, type StackOutput } from './outputs';
import { localState } from './state/local';
import { Data } from './testing/resources';
import { build, demo, Synthesized, withSynthesized } from './testing/synth';

function server(scope: Construct): Readonly<Record<'host' | 'port', StackOutput>> {
  const data = new Data(scope, 'server', '127.0.0.1');
  return exportOutputs(data, { host: data.output, port: 5432 });
}

describe('exportOutputs', () => {
  it('exports every field under the path of the construct, whether or not anybody reads it', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      server(new Construct(main, 'my-database'));
      exportOutputs(main, { region: 'fra1' });
    });
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-main').output).toEqual({
        my_database_server_host: {
          value: expect.stringMatching(/^\$\{terraform_data\.my-database_server_\w+\.output\}$/),
        },
        my_database_server_port: { value: '5432' },
        region: { value: 'fra1' },
      });
    });
  });

  it('keeps numbers that are only known at apply as references', () => {
    const environment = demo((stack) => {
      const data = new Data(stack('main'), 'server', 5432);
      exportOutputs(data, { port: Token.asNumber(data.output) });
    });
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-main').output.server_port.value).toBe('${terraform_data.server.output}');
    });
  });

  it('refuses one field twice', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      exportOutputs(main, { host: 'a' });
      exportOutputs(main, { host: 'b' });
    });
    expect(() => build(environment)).toThrow(
      'Two outputs of the stack demo/dev/main are both named host: those of dev-main and dev-main.',
    );
  });

  it('refuses two outputs whose paths differ in their separators only', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      exportOutputs(new Construct(main, 'web-app'), { host: 'a' });
      exportOutputs(new Construct(new Construct(main, 'web'), 'app'), { host: 'b' });
    });
    expect(() => build(environment)).toThrow(
      'both named web_app_host: those of dev-main/web-app and dev-main/web/app.',
    );
  });
});

describe('StackOutput', () => {
  it('does not become a string or JSON', () => {
    expect.assertions(3);
    build(
      demo((stack) => {
        const { host } = server(stack('main'));
        const refusal = 'A StackOutput is put into a plain string, where its value is not known.';
        // What an environment may write by mistake.
        // eslint-disable-next-line @typescript-eslint/restrict-template-expressions
        expect(() => `http://${host}`).toThrow(refusal);
        expect(() => ['--host', host].join('=')).toThrow(refusal);
        expect(() => JSON.stringify({ host })).toThrow(refusal);
      }),
    );
  });

  it('is the value itself inside its own stack', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      new TerraformOutput(main, 'seen', { value: server(main).host.at(main) });
      expect(main.reads).toEqual([]);
    });
    withSynthesized(environment, (synthesized) => {
      const { output, data } = synthesized.stack('dev-main');
      expect(output.seen.value).toBe('${terraform_data.server.output}');
      expect(data).toBeUndefined();
    });
  });

  it('reaches another stack through its state, in a real apply', () => {
    const environment = demo((stack) => {
      const { host, port } = server(stack('database'));
      const app = stack('app');
      new TerraformOutput(app, 'address', {
        value: `${host.at(app)}:${port.at(new Construct(app, 'inner'))}`,
      });
    });
    withSynthesized(environment, (synthesized) => {
      expect(Object.keys(synthesized.stack('dev-app').data.terraform_remote_state)).toEqual([
        'upstream_dev_database',
      ]);
      synthesized.apply('dev-database');
      expect(synthesized.apply('dev-app').address).toBe('127.0.0.1:5432');
    });
  });

  it('tells the engine what is read from where, in a stable order', () => {
    expect.assertions(2);
    build(
      demo((stack) => {
        const { host, port } = server(stack('database'));
        const app = stack('app');
        port.at(app);
        host.at(app);
        port.at(app);
        expect(app.reads).toEqual([
          { stack: 'demo/dev/database', output: 'server_host' },
          { stack: 'demo/dev/database', output: 'server_port' },
        ]);
        expect(app.dependencies.map((dependency) => dependency.node.id)).toEqual(['dev-database']);
      }),
    );
  });

  it('does not change its stack when a consumer comes', () => {
    const upstream = (consumers: number): string => {
      const environment = demo((stack) => {
        const { host } = server(stack('database'));
        for (let index = 0; index < consumers; index += 1) {
          const app = stack(`app-${index}`);
          new Data(app, 'app', host.at(app));
        }
      });
      return withSynthesized(environment, (synthesized) => synthesized.text('dev-database'));
    };
    expect(upstream(1)).toBe(upstream(0));
    expect(upstream(3)).toBe(upstream(0));
  });

  it('may not be read in a cycle', () => {
    const environment = demo((stack) => {
      const [a, b] = [stack('a'), stack('b')];
      const [fromA, fromB] = [server(a), server(b)];
      fromA.host.at(b);
      fromB.host.at(a);
    });
    expect(() => build(environment)).toThrow('in a cycle: demo/dev/a -> demo/dev/b -> demo/dev/a.');
  });

  it('is not read across stages', () => {
    const seen: StackOutput[] = [];
    const environment = defineEnvironment({
      name: 'demo',
      backend: localState(),
      stages: {
        dev: { profile: 'development', settings: undefined },
        prod: { profile: 'production', settings: undefined },
      },
      build: (stage) => {
        const main = stage.stack('main');
        for (const output of seen) output.at(main);
        seen.push(server(main).host);
      },
    });
    expect(() => new Synthesized(environment)).toThrow(
      'The stack demo/prod/main reads the output server_host of demo/dev/main, a stack of another stage.',
    );
  });
});
