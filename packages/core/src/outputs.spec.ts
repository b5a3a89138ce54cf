import { Fn, TerraformOutput, Token } from 'cdktf';
import { Construct } from 'constructs';
import { defineEnvironment } from './environment';
import { exportOutputs, type StackOutput } from './outputs';
import { renderLiteral } from './literal';
import { localState } from './state/local';
import { Data } from './testing/resources';
import { build, demo, Synthesized, withSynthesized } from './testing/synth';

function server(scope: Construct): {
  readonly host: StackOutput<string>;
  readonly port: StackOutput<number>;
} {
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

  it('refuses an output of another construct among its values', () => {
    expect.assertions(1);
    build(
      demo((stack) => {
        const { host } = server(stack('main'));
        const fields = { list: [{ host }] } as never;
        expect(() => exportOutputs(stack('other'), fields)).toThrow(
          'A StackOutput is put into a plain string',
        );
      }),
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

  describe('of literal text', () => {
    const texts = [
      'pattern ${foo} %{bar}',
      '$${a}',
      '$$${a}$',
      '%%{ if }',
      '${',
      '100 %',
      'a "quoted" \\ line\n',
    ];

    it('arrives as it was given, alone, in lists, objects and keys, and beside references', () => {
      const keyed = Object.fromEntries(texts.map((key, index) => [key, index]));
      const environment = demo((stack) => {
        const main = stack('main');
        const ref = new Data(main, 'source', '{ref}').output;
        const fields = Object.fromEntries(texts.map((text, index) => [`text-${index}`, text]));
        const outputs = exportOutputs(main, fields);
        const { list, object, mixed } = exportOutputs(main, {
          list: texts,
          object: { keyed, nested: [{ texts }] },
          mixed: texts.map((text) => `${text}${ref}${text}`),
        });
        const app = stack('app');
        const read = Object.values(outputs);
        const seen = (scope: Construct) => ({
          texts: read.map((output) => output.at(scope)),
          // As code does that joins texts first, and renders them then.
          rendered: read.map((output) => renderLiteral(`<${output.at(scope)}>`)),
          called: read.slice(0, -1).map((output) => Fn.upper(output.at(scope))),
          list: list.list.at(scope),
          object: object.object.at(scope),
          mixed: mixed.list.at(scope),
        });
        new TerraformOutput(main, 'own', { value: new Data(main, 'data', seen(main)).output });
        new TerraformOutput(app, 'other', { value: new Data(app, 'data', seen(app)).output });
      });
      const expected = {
        texts,
        rendered: texts.map((text) => `<${text}>`),
        called: texts.slice(0, -1).map((text) => text.toUpperCase()),
        list: texts,
        object: { keyed, nested: [{ texts }] },
        mixed: texts.map((text) => `${text}{ref}${text}`),
      };
      withSynthesized(environment, (synthesized) => {
        const main = synthesized.apply('dev-main');
        expect(texts.map((_, index) => main[`text-${index}`])).toEqual(texts);
        expect(main['own']).toEqual(expected);
        expect(synthesized.apply('dev-app')['other']).toEqual(expected);
      });
    });

    it('leaves the configuration of plain text as it is', () => {
      const environment = demo((stack) => {
        const main = stack('main');
        const { host } = exportOutputs(main, { host: 'db.example.org' });
        new Data(main, 'data', host.at(main));
      });
      withSynthesized(environment, (synthesized) => {
        const { locals, resource } = synthesized.stack('dev-main');
        expect(locals).toBeUndefined();
        expect(resource.terraform_data.data.input).toBe('db.example.org');
      });
    });
  });

  describe('that is no text', () => {
    const exported = (main: Construct) => {
      const made = new Data(main, 'made', { port: 6432, on: true, text: '7432', name: 'db' });
      return exportOutputs(main, {
        port: 5432,
        ratio: 0.5,
        secure: false,
        zones: ['a', 'b'],
        ports: [1, 2],
        server: { host: 'h', port: 5432, tags: { a: true } },
        text: '8432',
        madePort: Token.asNumber(made.interpolationForAttribute('output.port')),
        madeText: made.getStringAttribute('output.text'),
        madeSwitch: made.getStringAttribute('output.on'),
        madeName: made.getStringAttribute('output.name'),
      });
    };

    it('stays what it is in the stack that reads it, in a real apply', () => {
      const environment = demo((stack) => {
        const main = stack('main');
        const outputs = exported(main);
        const app = stack('app');
        const seen = (scope: Construct) => ({
          numbers: [outputs.port, outputs.ratio, outputs.text, outputs.madePort, outputs.madeText].map(
            ({ number }) => number.at(scope),
          ),
          switches: [outputs.secure, outputs.madeSwitch].map(({ boolean }) => boolean.at(scope)),
          zones: outputs.zones.list.at(scope),
          ports: outputs.ports.list.at(scope),
          server: outputs.server.object.at(scope),
          texts: [outputs.port.at(scope), outputs.secure.at(scope)],
        });
        new TerraformOutput(main, 'own', { value: new Data(main, 'data', seen(main)).output });
        new TerraformOutput(app, 'other', { value: new Data(app, 'data', seen(app)).output });
      });
      const expected = {
        numbers: [5432, 0.5, 8432, 6432, 7432],
        switches: [false, true],
        zones: ['a', 'b'],
        ports: [1, 2],
        server: { host: 'h', port: 5432, tags: { a: true } },
        texts: ['5432', 'false'],
      };
      withSynthesized(environment, (synthesized) => {
        expect(synthesized.apply('dev-main')['own']).toEqual(expected);
        expect(synthesized.apply('dev-app')['other']).toEqual(expected);
      });
    });

    it('is refused at apply where what Terraform made is no number', () => {
      const environment = demo((stack) => {
        const { madeName } = exported(stack('main'));
        const app = stack('app');
        new Data(app, 'app', { port: madeName.number.at(app) });
      });
      withSynthesized(environment, (synthesized) => {
        synthesized.apply('dev-main');
        expect(() => synthesized.apply('dev-app')).toThrow(
          /outputs\.made(Name|_madeName)[^]*cannot convert \\?"db\\?" to number/,
        );
      });
    });

    it('is refused at synth in another type than it has', () => {
      expect.assertions(6);
      build(
        demo((stack) => {
          const main = stack('main');
          const {
            host,
            zones,
            server: object,
            port,
          } = exportOutputs(main, {
            host: 'db.example.org',
            zones: ['a'],
            server: { port: 1 },
            port: 5432,
          });
          expect(() => host.number).toThrow(
            'The output host of the stack demo/dev/main is read as number, and what is exported is a text that is no number.\n' +
              '  expected: a text is read by the output itself, or output.at(scope)\n',
          );
          expect(() => host.boolean).toThrow(
            'is read as boolean, and what is exported is a text that is no boolean.',
          );
          // @ts-expect-error a text has no list
          expect(() => host.list.at(main)).toThrow('is read as list');
          // @ts-expect-error a list is no number
          expect(() => zones.number.at(main)).toThrow('expected: a list is read by output.list');
          // @ts-expect-error a number is no object
          expect(() => port.object.at(main)).toThrow('expected: a number is read by output.number');
          expect(() => object.at(main)).toThrow('expected: an object is read by output.object');
        }),
      );
    });
  });
});
