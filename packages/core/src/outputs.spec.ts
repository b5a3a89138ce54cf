import { TerraformOutput, Token } from 'cdktf';
import { Construct } from 'constructs';
import { defineEnvironment } from './environment';
import { exportOutputs, type StackOutput } from './outputs';
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

describe('an output that is sensitive', () => {
  it('is marked, and others are not', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      exportOutputs(main, { password: 'x' }, { sensitive: true });
      exportOutputs(main, { host: 'h' }, { sensitive: false });
      exportOutputs(main, { port: 1 });
    });
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-main').output).toEqual({
        password: { value: 'x', sensitive: true },
        host: { value: 'h' },
        port: { value: '1' },
      });
    });
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
    it('is kept in a local of its own, once, and read from it', () => {
      const environment = demo((stack) => {
        const main = stack('main');
        const { pattern, other } = exportOutputs(main, { pattern: '${a}', other: '%{b}' });
        new Data(main, 'data', [pattern.at(main), pattern.at(main), other.at(main)]);
      });
      withSynthesized(environment, (synthesized) => {
        const { locals, output, resource } = synthesized.stack('dev-main');
        expect(Object.values(locals).sort()).toEqual(['$${a}', '%%{b}'].sort());
        expect(output).toEqual({ pattern: { value: '$${a}' }, other: { value: '%%{b}' } });
        const [first, second, third] = resource.terraform_data.data.input as string[];
        expect([first, second, third].map((text) => /^\$\{local\./.test(text!))).toEqual([true, true, true]);
        expect(second).toBe(first);
        expect(third).not.toBe(first);
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
      const data = new Data(main, 'made', 'x');
      const { output } = data;
      return exportOutputs(main, {
        port: 5432,
        ratio: 0.5,
        secure: false,
        open: true,
        zones: ['a', '${b}'],
        server: { host: 'h', port: 5432, '${key}': { a: true } },
        text: '8432',
        switch: 'true',
        made: output,
        madePort: Token.asNumber(output),
        madeList: Token.asList(output),
        madeObject: data.interpolationForAttribute('output') as unknown as { readonly a: string },
      });
    };

    /** What a construct in the own stack, and one in another, get of the outputs. */
    function seen(read: (outputs: ReturnType<typeof exported>, scope: Construct) => unknown): unknown[] {
      const environment = demo((stack) => {
        const main = stack('main');
        const outputs = exported(main);
        const app = stack('app');
        new Data(main, 'seen', read(outputs, main));
        new Data(app, 'seen', read(outputs, app));
      });
      return withSynthesized(environment, (synthesized) =>
        ['dev-main', 'dev-app'].map(
          (id) => synthesized.stack(id).resource.terraform_data.seen.input as unknown,
        ),
      );
    }
    const made = '${terraform_data.made.output}';
    const read = (name: string) => `data.terraform_remote_state.upstream_dev_main.outputs.${name}`;

    it('is a number, converted by Terraform where it is not known in the stack', () => {
      expect(
        seen((outputs, scope) =>
          [outputs.port, outputs.ratio, outputs.text, outputs.madePort, outputs.made].map(({ number }) =>
            number.at(scope),
          ),
        ),
      ).toEqual([
        [5432, 0.5, 8432, `\${tonumber(${made.slice(2, -1)})}`, `\${tonumber(${made.slice(2, -1)})}`],
        ['port', 'ratio', 'text', 'madePort', 'made'].map((name) => `\${tonumber(${read(name)})}`),
      ]);
    });

    it('is a boolean, converted by Terraform where it is not known in the stack', () => {
      expect(
        seen((outputs, scope) =>
          [outputs.secure, outputs.open, outputs.switch, outputs.made].map(({ boolean }) =>
            boolean.at(scope),
          ),
        ),
      ).toEqual([
        [false, true, true, `\${tobool(${made.slice(2, -1)})}`],
        ['secure', 'open', 'switch', 'made'].map((name) => `\${tobool(${read(name)})}`),
      ]);
    });

    it('is a list or an object as it was given, texts and keys literal', () => {
      expect(
        seen((outputs, scope) => [
          outputs.zones.list.at(scope),
          outputs.madeList.list.at(scope),
          outputs.server.object.at(scope),
          outputs.madeObject.object.at(scope),
        ]),
      ).toEqual([
        [['a', '$${b}'], made, { host: 'h', port: 5432, '$${key}': { a: true } }, made],
        ['zones', 'madeList', 'server', 'madeObject'].map((name) => `\${${read(name)}}`),
      ]);
    });

    it('is a text by itself', () => {
      expect(
        seen((outputs, scope) =>
          [outputs.port, outputs.secure, outputs.madePort, outputs.made].map((output) => output.at(scope)),
        ),
      ).toEqual([
        ['5432', 'false', made, made],
        ['port', 'secure', 'madePort', 'made'].map((name) => `\${${read(name)}}`),
      ]);
    });

    it('is known where no apply makes it', () => {
      expect.assertions(1);
      build(
        demo((stack) => {
          const outputs = exported(stack('main'));
          expect(Object.values(outputs).map(({ known }) => known)).toEqual([
            ...['5432', '0.5', 'false', 'true', undefined, undefined, '8432', 'true'],
            ...[undefined, undefined, undefined, undefined],
          ]);
        }),
      );
    });

    it('is refused as a number that is none, an empty one or an endless one', () => {
      expect.assertions(4);
      build(
        demo((stack) => {
          const given = { empty: '', blank: ' ', endless: 'Infinity', word: 'x1' };
          for (const output of Object.values(exportOutputs(stack('main'), given))) {
            expect(() => output.number).toThrow('is read as number, and what is exported is a text');
          }
        }),
      );
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
