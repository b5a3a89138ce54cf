import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEnvironment, Environment, type EnvironmentProps } from './environment';
import { exportOutputs } from './outputs';
import { profiles } from './profile';
import type { StateBackend } from './state/backend';
import { localState } from './state/local';
import { s3State } from './state/s3';
import { Data } from './testing/resources';
import { build, withSynthesized } from './testing/synth';

type Props = Partial<EnvironmentProps<{ readonly size: number }, undefined>>;

function define(props: Props = {}): Environment {
  return defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: {
      dev: { profile: 'development', settings: { size: 1 } },
      prod: { profile: 'production', settings: { size: 5 } },
    },
    build: (stage) => {
      new Data(stage.stack('main'), 'disk', { size: stage.settings.size, replicas: stage.profile.replicas });
    },
    ...props,
  });
}

describe('defineEnvironment', () => {
  it('builds every stage with its own settings and profile', () => {
    withSynthesized(define(), (synthesized) => {
      expect(synthesized.stack('dev-main').resource.terraform_data.disk.input).toEqual({
        size: 1,
        replicas: 1,
      });
      expect(synthesized.stack('prod-main').resource.terraform_data.disk.input).toEqual({
        size: 5,
        replicas: 3,
      });
    });
  });

  it('keeps one state for every stack, under the key of environment, stage and stack', () => {
    withSynthesized(define(), (synthesized) => {
      expect(synthesized.stack('prod-main').terraform.backend).toEqual({
        local: { path: '../../../.mlterra/state/demo/prod/main.tfstate' },
      });
    });
  });

  it('writes the same bytes into whatever folder, with no path and no time in them', () => {
    const first = withSynthesized(define(), (synthesized) => synthesized.text('dev-main'));
    const second = withSynthesized(define(), (synthesized) => synthesized.text('dev-main'));
    expect(second).toBe(first);
    expect(first).not.toContain(tmpdir());
    expect(first).not.toContain(process.cwd());
  });

  it('only writes when the app is synthesised', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-core-'));
    try {
      const app = define().build(join(folder, 'out'));
      expect(existsSync(join(folder, 'out', 'stacks', 'dev-main'))).toBe(false);
      app.synth();
      expect(JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8')).stacks).toHaveProperty(
        'dev-main',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('asks CDKTF for the Terraform that its backend needs, of both engines', () => {
    const context = (backend: StateBackend): unknown =>
      build(define({ backend })).node.tryGetContext('targetVersions');
    expect(context(localState())).toBeUndefined();
    expect(context(s3State({ bucket: 'b', region: 'r' }))).toEqual({
      terraform: '>=1.10',
      opentofu: '>=1.10',
    });
  });

  it('tells every stage its names and settings, the shared one first', () => {
    const seen: string[][] = [];
    build(
      define({
        shared: (stage) => {
          seen.push([stage.environment, stage.name]);
          return undefined;
        },
        build: (stage) => void seen.push([stage.environment, stage.name, String(stage.settings.size)]),
      }),
    );
    expect(seen).toEqual([
      ['demo', 'shared'],
      ['demo', 'dev', '1'],
      ['demo', 'prod', '5'],
    ]);
  });

  it('can be built more than once', () => {
    const environment = define();
    expect(build(environment)).not.toBe(build(environment));
  });

  it.each([
    ['an environment', { name: 'My Environment' }, '"My Environment" is not a name for an environment.'],
    [
      'a stage',
      { stages: { Dev: { profile: 'development', settings: { size: 1 } } } },
      '"Dev" is not a name for a stage.',
    ],
    [
      'the stage "shared"',
      { stages: { shared: { profile: 'development', settings: { size: 1 } } } },
      'The environment demo defines a stage named "shared".',
    ],
  ] as const)('refuses a wrong name of %s', (_, props: Props, message) => {
    expect(() => define(props)).toThrow(message);
  });

  it('refuses a wrong name of a stack', () => {
    expect(() => build(define({ build: (stage) => void stage.stack('Main') }))).toThrow(
      '"Main" is not a name for a stack.',
    );
  });

  it('refuses a stack that is defined twice, and says which', () => {
    const environment = define({
      build: (stage) => {
        stage.stack('main');
        stage.stack('main');
      },
    });
    expect(() => build(environment)).toThrow('The stack demo/dev/main is defined twice.');
  });

  it('does not confuse the stack b-c of stage a with the stack c of stage a-b', () => {
    const settings = { size: 1 };
    const environment = define({
      stages: { a: { profile: 'development', settings }, 'a-b': { profile: 'development', settings } },
      build: (stage) => {
        stage.stack(stage.name === 'a' ? 'b-c' : 'c');
      },
    });
    expect(() => build(environment)).toThrow(
      'The stacks demo/a/b-c and demo/a-b/c would share one working folder.',
    );
  });
});

describe('Environment', () => {
  it('is recognised across copies of the package, and nothing else is', () => {
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof import('./environment')>('./environment');
      const foreign = other.defineEnvironment({
        name: 'demo',
        backend: localState(),
        stages: {},
        build: () => {},
      });
      expect(foreign instanceof Environment).toBe(false);
      expect(Environment.isEnvironment(foreign)).toBe(true);
    });
    expect(
      [{}, null, undefined, 'demo', { name: 'demo' }].map((value) => Environment.isEnvironment(value)),
    ).toEqual(Array(5).fill(false));
  });

  it('lists its stages in the order they are written', () => {
    expect(define().stageNames).toEqual(['dev', 'prod']);
    expect(define({ shared: () => undefined }).stageNames).toEqual(['shared', 'dev', 'prod']);
  });

  it('gives a stage the profile it names, with single values replaced', () => {
    const environment = define({
      stages: {
        dev: { profile: 'development', settings: { size: 1 } },
        trial: {
          profile: 'production',
          overrides: { replicas: 1, deletionProtection: false },
          settings: { size: 1 },
        },
      },
    });
    expect(environment.profile('dev')).toEqual(profiles.development);
    expect(environment.profile('trial')).toEqual({
      ...profiles.production,
      replicas: 1,
      deletionProtection: false,
    });
    expect([environment.isProtected('dev'), environment.isProtected('trial')]).toEqual([false, false]);
  });

  it('makes the shared stage as strict as the strictest stage on it', () => {
    const shared = () => undefined;
    expect(define({ shared }).profile('shared')).toEqual(profiles.production);
    expect(define({ shared }).isProtected('shared')).toBe(true);
    const relaxed = define({ shared, stages: { dev: { profile: 'development', settings: { size: 1 } } } });
    expect(relaxed.profile('shared')).toEqual(profiles.development);
    expect(relaxed.isProtected('shared')).toBe(false);
    const mixed = define({
      shared,
      stages: {
        dev: {
          profile: 'development',
          overrides: { retentionDays: 90, networkPolicy: 'strict' },
          settings: { size: 1 },
        },
        test: { profile: 'development', overrides: { replicas: 2, spotShare: 0.1 }, settings: { size: 1 } },
      },
    });
    expect(mixed.profile('shared')).toEqual({
      replicas: 2,
      highAvailability: false,
      retentionDays: 90,
      deletionProtection: false,
      spotShare: 0.1,
      networkPolicy: 'strict',
    });
  });

  it('makes the shared stage highly available and protected where one of its stages is', () => {
    const settings = { size: 1 };
    const environment = define({
      shared: () => undefined,
      stages: {
        dev: { profile: 'development', settings },
        test: { profile: 'development', overrides: { highAvailability: true }, settings },
        trial: { profile: 'development', overrides: { deletionProtection: true }, settings },
      },
    });
    expect(environment.profile('shared')).toEqual({
      ...profiles.development,
      highAvailability: true,
      deletionProtection: true,
    });
    expect(['shared', 'dev', 'test', 'trial'].map((stage) => environment.isProtected(stage))).toEqual([
      ...[true, false, false, true],
    ]);
  });

  it('builds shared stacks once and hands what they return to every stage', () => {
    let built = 0;
    const environment = defineEnvironment({
      name: 'demo',
      backend: localState(),
      stages: {
        dev: { profile: 'development', settings: undefined },
        prod: { profile: 'production', settings: undefined },
      },
      shared: (stage) => {
        built += 1;
        const network = new Data(stage.stack('network'), 'network', '10.0.0.0/16');
        return exportOutputs(network, { range: network.output });
      },
      build: (stage, { range }) => {
        const stack = stage.stack('cluster');
        new Data(stack, 'cluster', range.at(stack));
      },
    });
    withSynthesized(environment, (synthesized) => {
      expect(built).toBe(1);
      for (const stage of ['dev', 'prod']) {
        const { data, resource } = synthesized.stack(`${stage}-cluster`);
        expect(data.terraform_remote_state.upstream_shared_network.config.path).toBe(
          '../../../.mlterra/state/demo/shared/network.tfstate',
        );
        expect(resource.terraform_data.cluster.input).toBe(
          '${data.terraform_remote_state.upstream_shared_network.outputs.network_range}',
        );
      }
    });
  });
});

describe('profiles', () => {
  it('differ in everything that production is about', () => {
    const { development, production } = profiles;
    expect(production.replicas).toBeGreaterThan(development.replicas);
    expect(production.retentionDays).toBeGreaterThan(development.retentionDays);
    expect(production.spotShare).toBeLessThan(development.spotShare);
    expect([development, production].map((profile) => profile.highAvailability)).toEqual([false, true]);
    expect([development, production].map((profile) => profile.deletionProtection)).toEqual([false, true]);
    expect([development, production].map((profile) => profile.networkPolicy)).toEqual(['open', 'strict']);
  });
});
