import * as errors from './errors';
import type { MlterraError } from './errors';

type Exports = typeof errors;
type FactoryName = {
  [K in keyof Exports]: Exports[K] extends (...args: never[]) => MlterraError ? K : never;
}[keyof Exports];

/** A call of every factory, with arguments that are found in its message. */
const calls: { readonly [K in FactoryName]: Parameters<Exports[K]> } = {
  invalidName: ['a stage', 'My Stage', 'dev-main/app'],
  duplicateStack: ['demo/dev/main'],
  ambiguousStack: ['demo/a/b-c', 'demo/a-b/c'],
  duplicateOutput: ['demo/dev/main', 'web_host', 'dev-main/web', 'dev-main/Web'],
  outputOfOtherType: ['web_host', 'demo/dev/main', 'number', 'boolean'],
  reservedStage: ['demo'],
  crossStackReference: ['demo/dev/main', 'google_network.main.id'],
  stateDirectoryInvalid: ['/abs', 'is absolute'],
  stageCrossed: ['demo/prod/main', 'depends on', 'demo/dev/main'],
  referenceAsString: ['StackOutput'],
  providerMissing: ['demo/dev/main', new Map([['google', ['main/a', 'main/b']]])],
  dependencyCycle: [['demo/dev/a', 'demo/dev/b', 'demo/dev/a']],
  notInStack: ['plain/bucket'],
  secretWithoutValue: ['dev-app/Server'],
  containersMissing: ['dev-app/Server'],
  replicasInvalid: ['dev-app/Server', 0.5],
  commandEmpty: ['dev-app/Server', 'web'],
  secretInCommand: ['dev-app/Server', 'web'],
  mountUnknown: ['dev-app/Server', 'web', '/etc/app.ini'],
  variableInvalid: ['dev-app/Server', 'web', 'A-B'],
  volumeInvalid: ['dev-app/Server', '/data'],
  volumeSizeInvalid: ['dev-app/Server', 'data', 0.5],
  volumeDuplicate: ['dev-app/Server', 'data'],
  volumeOfManyUsers: ['dev-app/Server', 'data', [999, 65_532]],
  scalingInvalid: ['dev-app/Server', 'cpuPercent', 101],
  scalingWithVolumes: ['dev-app/Server'],
  chartUnpinned: ['dev-app/Server', 'cert-manager', '~1.2'],
  chartRepositoryInvalid: ['dev-app/Server', 'cert-manager', 'charts.example.org'],
  chartMirrorInvalid: ['MLTERRA_CHART_MIRROR', 'charts'],
  portInvalid: ['dev-app/Server', 'web', 65_536],
  portUnknown: ['dev-app/Server', 'web', 'http'],
  probeEmpty: ['dev-app/Server', 'web'],
  probePortUnknown: ['dev-app/Server', 'web', 'https'],
  imageUnpinned: ['dev-app/Server', 'web', 'demo:latest'],
  imageMirrorInvalid: ['MLTERRA_IMAGE_MIRROR', 'a b'],
  userInvalid: ['dev-app/Server', 'web', 0],
  timeoutInvalid: ['dev-app/Server', 0.5],
  mountInvalid: ['dev-app/Server', 'web', '/a/../b'],
  publishedPortInvalid: ['dev-kit/engine', 'mlflow.http', 5510, { least: 30_000, most: 32_767 }],
  publishedPortTwice: ['dev-kit/engine', 30_000, 'a.http', 'b.http'],
  publishedPortUnknown: ['mlflw.http', ['mlflow.http', 'web.http']],
};

function made(name: string): MlterraError {
  const factory = errors[name as FactoryName] as (...args: unknown[]) => MlterraError;
  return factory(...calls[name as FactoryName]);
}

/** The texts and numbers of an argument. */
function leaves(value: unknown): readonly string[] {
  if (value instanceof Map) return [...value].flatMap(leaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [String(value)];
}

describe.each(Object.keys(calls))('the error %s', (name) => {
  it('names all that was given, in a sentence', () => {
    const { message } = made(name);
    const [sentence = ''] = message.split('\n');
    expect(sentence).toMatch(/\.$/);
    expect(sentence).not.toMatch(/undefined|\[object/);
    const given = leaves(calls[name as FactoryName]);
    expect(given.filter((text) => !message.includes(text))).toEqual([]);
  });

  it('says what is expected or what to do, in words', () => {
    const { expected, remedy } = made(name);
    const parts = [expected, remedy].filter((part) => part !== undefined);
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.filter((part) => !/\S+ \S+ \S+/.test(part))).toEqual([]);
  });
});

describe('errors', () => {
  it('have a code each, which programs match on', () => {
    const codes = Object.keys(calls).map((name) => made(name).code);
    expect(codes.filter((code) => !/^[a-z]+(-[a-z]+)+$/.test(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([
    ['number', 'text', 'a number is read by output.number'],
    ['boolean', 'text', 'a boolean is read by output.boolean'],
    ['list', 'text', 'a list is read by output.list'],
    ['object', 'text', 'an object is read by output.object'],
    ['text', 'number', 'a text is read by the output itself, or output.at(scope)'],
  ])('of an output that is a %s and is read as %s name the way to read it', (given, wanted, expected) => {
    const error = errors.outputOfOtherType('host', 'demo/dev/main', given, wanted);
    expect(error.expected).toBe(expected);
    // That a text is no number is the reason; a list is no text anyway.
    expect(/ that is no /.test(error.message)).toBe(given === 'text');
  });

  it('of missing providers name the constructs, whatever the names of the providers', () => {
    const missing = new Map([
      ['google-beta', ['main/a']],
      ['hcloud', ['main/b', 'main/c']],
      ['my_own', ['main/d']],
    ]);
    const { message, remedy } = errors.providerMissing('demo/dev/main', missing);
    expect(message).toContain(
      'without their provider: google-beta for main/a; hcloud for main/b, main/c; my_own for main/d.',
    );
    expect(remedy).toContain(
      'new GoogleBetaProvider(stack, …), new HcloudProvider(stack, …), new MyOwnProvider(stack, …);',
    );
  });
});
