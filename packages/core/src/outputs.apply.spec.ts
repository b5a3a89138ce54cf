import { Fn, TerraformOutput, Token } from 'cdktf';
import { Construct } from 'constructs';
import { renderLiteral } from './literal';
import { exportOutputs, type StackOutput } from './outputs';
import { Data } from './testing/resources';
import { demo, withSynthesized } from './testing/synth';

function server(scope: Construct): {
  readonly host: StackOutput<string>;
  readonly port: StackOutput<number>;
} {
  const data = new Data(scope, 'server', '127.0.0.1');
  return exportOutputs(data, { host: data.output, port: 5432 });
}

describe('StackOutput', () => {
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
  });
});
