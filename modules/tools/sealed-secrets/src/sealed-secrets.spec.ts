import { readFileSync, writeFileSync } from 'node:fs';
import {
  defineEnvironment,
  exportOutputs,
  localState,
  text,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { controllerOf, sealedOf } from '@mlterra/sealing';
import { resourcesOf, synthEnvironment, type StackJson } from '@mlterra/testing';
import { SealedSecret, SealedSecrets, type SealedSecretsProps } from './index';
import { SealedFolder } from './testing/sealed-folder';

const LOGIN = { namespace: 'dev-tool', name: 'login' };

interface Options {
  readonly profile?: ProfileName;
  readonly operator?: Partial<SealedSecretsProps>;
  readonly folder?: string;
  readonly keys?: readonly string[];
}

let folder: SealedFolder;
let sealed: SealedSecret;
let operator: SealedSecrets;

beforeEach(() => {
  folder = new SealedFolder();
});
afterEach(() => folder.remove());

function synth(options: Options = {}): Record<string, StackJson> {
  const { profile = 'development', keys = ['password'] } = options;
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const platform = new KubernetesRenderer({ access: accessOf(stage.stack('cluster')) });
      operator = new SealedSecrets(stage.stack('sealed-secrets'), 'sealed-secrets', {
        platform,
        ...options.operator,
      });
      const stack = stage.stack('tool');
      sealed = new SealedSecret(stack, 'login', { operator, folder: options.folder ?? folder.path });
      const url = text`postgresql://tool:${sealed.secret(keys[0]!)}@db.example.org/tool`;
      const variables = { ...Object.fromEntries(keys.map((key) => [key, sealed.secret(key)])), URL: url };
      const server = { image: 'registry.example.org/tool:v1', command: ['tool'], variables };
      platform.run(stack, 'Server', { containers: { server } });
    },
  });
  return synthEnvironment(environment);
}

function accessOf(stack: Stack) {
  const outputs = exportOutputs(stack, { endpoint: 'https://192.0.2.1', caCertificate: 'Y2E=' });
  return { ...outputs, exec: { command: 'token', args: [] } };
}

function objects(stack: StackJson): ReturnType<typeof JSON.parse>[] {
  return (stack as unknown as { locals: ReturnType<typeof JSON.parse> }).locals.kubernetes_values.objects;
}

function ofKind(stack: StackJson, kind: string): ReturnType<typeof JSON.parse> {
  return objects(stack).find((object) => object.kind === kind);
}

function chartValues(stack: StackJson): ReturnType<typeof JSON.parse> {
  const { locals } = stack as unknown as { locals: Record<string, ReturnType<typeof JSON.parse>> };
  return Object.values(locals).find((local) => 'fullnameOverride' in local);
}

/** Why the plan of a stack fails. */
function refusals(stack: StackJson): string[] {
  return Object.values(resourcesOf(stack, 'terraform_data')).flatMap(({ lifecycle }) =>
    ((lifecycle as ReturnType<typeof JSON.parse>)?.postcondition ?? []).map(
      (each: { error_message: string }) => each.error_message,
    ),
  );
}

describe('SealedSecrets', () => {
  beforeEach(() => folder.write('dev-login', LOGIN, 'password'));

  it('makes the controller in a stack, and what is sealed in a later one', () => {
    const { 'dev/sealed-secrets': controller, 'dev/tool': tool } = synth();
    expect({ controller, tool }).toMatchSnapshot();
  });

  it('upgrades the definition itself, and keeps it where the profile protects data', () => {
    for (const [profile, annotation] of [
      ['development', undefined],
      ['production', 'keep'],
    ] as const) {
      const stack = synth({ profile })['dev/sealed-secrets']!;
      const chart = Object.values(resourcesOf(stack, 'helm_release')).find(
        ({ name }) => name === 'sealed-secrets',
      );
      expect(chart).toMatchObject({ skip_crds: true });
      const definition = ofKind(stack, 'CustomResourceDefinition');
      expect(definition.metadata.name).toBe('sealedsecrets.bitnami.com');
      expect(definition.metadata.namespace).toBeUndefined();
      expect(definition.metadata.annotations['helm.sh/resource-policy']).toBe(annotation);
    }
  });

  it('renews keys every 30 days, as said, or never', () => {
    const period = (keyRenewalDays?: number): string =>
      chartValues(synth({ operator: { keyRenewalDays } })['dev/sealed-secrets']!).keyrenewperiod;
    expect([period(), period(90), period(0)]).toEqual(['720h', '2160h', '0']);
    expect(() => period(0.5)).toThrow(
      'dev-sealed-secrets/sealed-secrets: keys cannot be renewed every 0.5 days.',
    );
  });

  it('lays values of the user over its own', () => {
    const values = { resources: { limits: { memory: '1Gi' } }, priorityClassName: 'high' };
    expect(chartValues(synth({ operator: { values } })['dev/sealed-secrets']!)).toMatchObject({
      fullnameOverride: 'sealed-secrets',
      priorityClassName: 'high',
      resources: { requests: { cpu: '20m' }, limits: { memory: '1Gi' } },
    });
  });

  it('tells the command line where it is, and what is to be sealed', () => {
    synth();
    expect(controllerOf(operator)).toEqual({ namespace: 'dev-sealed-secrets', service: 'sealed-secrets' });
    expect(sealedOf(sealed)).toEqual({
      recipient: LOGIN,
      file: folder.file('dev-login'),
      controller: operator,
    });
  });
});

describe('SealedSecret', () => {
  it('is in pods of its stack by variables, alone and within a text', () => {
    folder.write('dev-login', LOGIN, 'password');
    const { env } = ofKind(synth()['dev/tool']!, 'Deployment').spec.template.spec.containers[0];
    const valueFrom = { secretKeyRef: { name: 'login', key: 'password' } };
    expect(env.slice(1)).toEqual([
      { name: 'password', valueFrom },
      { name: 'URL_SECRET_1', valueFrom },
      { name: 'URL', value: 'postgresql://tool:$(URL_SECRET_1)@db.example.org/tool' },
    ]);
  });

  it('makes new pods when it is sealed anew', () => {
    const version = (): string =>
      ofKind(synth()['dev/tool']!, 'Deployment').spec.template.metadata.annotations[
        'secret.mlterra.dev/login'
      ];
    folder.write('dev-login', LOGIN, 'password');
    const before = version();
    expect(version()).toBe(before);
    folder.write('dev-login', LOGIN, 'user');
    expect(version()).not.toBe(before);
  });

  it('without its file fails the plan of its stack, with the command that makes it', () => {
    const { 'dev/sealed-secrets': controller, 'dev/tool': tool } = synth();
    expect(refusals(tool!)).toEqual([
      'dev-tool/login: there is no sealed file secrets/dev-login.sealed.yaml. Make it: mlterra secret seal demo login password -c dev',
    ]);
    expect(refusals(controller!)).toEqual([]);
    expect(JSON.stringify(tool)).not.toContain(folder.path);
  });

  it('without a value names those there are, and the command that adds one', () => {
    folder.write('dev-login', LOGIN, 'user', 'host');
    expect(refusals(synth()['dev/tool']!)).toEqual([
      'dev-tool/login/Key-password: secrets/dev-login.sealed.yaml has no value "password", but user, host. Add it: mlterra secret seal demo login password -c dev',
    ]);
    folder.write('dev-login', LOGIN, 'password');
    expect(refusals(synth()['dev/tool']!)).toEqual([]);
  });

  it('is refused with a plain Secret, with a file of another stage, and with a path that depends on where one is', () => {
    folder.write('dev-login', { ...LOGIN, namespace: 'prod-tool' }, 'password');
    expect(() => synth()).toThrow(/is sealed for prod-tool\/login, and cannot be opened as dev-tool\/login/);
    const file = folder.file('dev-login');
    writeFileSync(file, readFileSync(file, 'utf8').replace('kind: SealedSecret', 'kind: Secret'));
    expect(() => synth()).toThrow(/dev-login\.sealed\.yaml holds a plain Secret/);
    expect(() => synth({ folder: 'secrets' })).toThrow('dev-tool/login: "secrets" is not an absolute path.');
  });
});
