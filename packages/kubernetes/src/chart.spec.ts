import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text, type Container } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { helmBinary, isHelmBuilt } from '@mlterra/testbed';
import { parseAllDocuments } from 'yaml';
import { applyRelease, type AppliedArguments } from './testing/applied';
import { randomTexts } from './testing/random-texts';
import { exampleEnvironment } from './testing/example';
import { CONFIG_PATH, sampleContainer, synthSample } from './testing/sample-workload';

const CHART = resolve(__dirname, '../chart');

/** Building Helm takes two minutes: once it is built the spec is part of every run. */
const withHelm = isHelmBuilt() || process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

let helm: string;
let folder: string;

interface PrintedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data: Readonly<Record<string, string>>;
  readonly spec: ReturnType<typeof JSON.parse>;
}

/** What the chart prints for a release, as Helm reads its arguments. */
function template({ values, set_sensitive: settings }: AppliedArguments): readonly PrintedObject[] {
  const file = join(folder, 'values.json');
  writeFileSync(file, values[0]!);
  const sensitive = settings.flatMap(({ name, value }) => ['--set-string', `${name}=${value}`]);
  const { status, stdout, stderr } = spawnSync(
    helm,
    ['template', 'demo', CHART, '--values', file, ...sensitive],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  // YAML 1.2, as Kubernetes reads it: 1.1 takes a lone "." for a number.
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as PrintedObject | null)
    .filter((object) => object !== null);
}

function printed(changes: Partial<Container> = {}, password?: string): readonly PrintedObject[] {
  return template(applyRelease(synthSample(changes), password));
}

const find = (all: readonly PrintedObject[], kind: string, name = 'demo'): PrintedObject =>
  all.find((object) => object.kind === kind && object.metadata.name === name)!;
const decode = (data: Readonly<Record<string, string>>): string[] =>
  Object.values(data).map((value) => Buffer.from(value, 'base64').toString('utf8'));

withHelm('the chart, printed by Helm', () => {
  beforeAll(async () => {
    helm = await helmBinary();
    folder = mkdtempSync(join(tmpdir(), 'mlterra-chart-'));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('prints every object as it was given, and the Secrets', () => {
    const applied = applyRelease(synthSample({}, { replicas: 2 }));
    const all = template(applied);
    const given = (JSON.parse(applied.values[0]!) as { objects: PrintedObject[] }).objects;
    const others = all.filter(({ kind }) => kind !== 'Secret' && kind !== 'Deployment');
    expect(others).toHaveLength(given.length - 1);
    expect(given).toEqual(expect.arrayContaining(others));
    expect(find(all, 'Deployment').spec.template.spec).toEqual(find(given, 'Deployment').spec.template.spec);
    const secrets = all.filter(({ kind }) => kind === 'Secret');
    expect(secrets.map(({ metadata }) => [metadata.namespace, metadata.name])).toEqual([
      ['dev-tool', 'demo'],
      ['dev-tool', 'password'],
    ]);
    expect(decode(find(all, 'Secret', 'password').data)).toEqual(['made-up-password']);
  });

  it('gives pods the checksum of their data, secret or not', () => {
    const checksum = (all: readonly PrintedObject[]): string =>
      find(all, 'Deployment').spec.template.metadata.annotations['mlterra.dev/data-checksum'];
    const before = checksum(printed());
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum(printed())).toBe(before);
    expect(checksum(printed({}, 'another-password'))).not.toBe(before);
    const plain = (mode: string) => checksum(printed({ files: { [CONFIG_PATH]: mode } }));
    expect(plain('one')).not.toBe(plain('two'));
  });

  it('makes another Job of a task that changed, or whose data changed', () => {
    const job = (mode: string, password?: string): string => {
      const environment = exampleEnvironment((stack, renderer) => {
        const secret = renderer.generateSecret(stack, 'Password');
        const { image, command } = sampleContainer(secret);
        const files = { [CONFIG_PATH]: mode };
        renderer.runTask(stack, 'Make', { image, command, variables: { PASSWORD: secret }, files });
      });
      const all = template(applyRelease(synthEnvironment(environment)['dev/tool']!, password));
      return all.find(({ kind }) => kind === 'Job')!.metadata.name;
    };
    const before = job('one', 'first');
    expect(before).toMatch(/^make-[0-9a-f]{8}$/);
    expect(job('one', 'first')).toBe(before);
    expect(new Set([before, job('two', 'first'), job('one', 'second')]).size).toBe(3);
  });

  it('lets every text arrive byte for byte: in arguments, variables, files and secrets', () => {
    const password = '{a,b\\c{d}"${x}%{y}=.[0]\nnull';
    const texts = randomTexts(process.env.MLTERRA_TEST_FULL ? 400 : 60);
    const named = (prefix: string): Record<string, string> =>
      Object.fromEntries(texts.map((value, index) => [`${prefix}${index}`, value]));
    const environment = exampleEnvironment((stack, renderer) => {
      const secret = renderer.generateSecret(stack, 'Password');
      const server: Container = {
        ...sampleContainer(secret),
        command: ['demo', ...texts],
        variables: named('V'),
        files: {
          ...named('/etc/plain/'),
          ...Object.fromEntries(
            texts.map((value, index) => [`/etc/secret/${index}`, text`${value}${secret}`]),
          ),
        },
      };
      renderer.run(stack, 'Demo', { containers: { server } });
    });
    const all = template(applyRelease(synthEnvironment(environment)['dev/tool']!, password));
    const { containers } = find(all, 'Deployment').spec.template.spec;
    expect(containers[0].command.slice(1).map(expand)).toEqual(texts);
    const variables = containers[0].env.filter(({ name }: { name: string }) => name.startsWith('V'));
    expect(variables.map(({ value = '' }: { value?: string }) => expand(value))).toEqual(texts);
    expect(Object.values(find(all, 'ConfigMap').data).sort()).toEqual([...texts].sort());
    expect(decode(find(all, 'Secret').data).sort()).toEqual(texts.map((value) => value + password).sort());
  });
});

/** What Kubernetes makes of an argument in which no variable is known. */
function expand(argument: string): string {
  return argument.replace(/\$\$/g, '$');
}
