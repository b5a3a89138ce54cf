import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generatedSecrets,
  SecretSearch,
  secretsInFolder,
  secretsOutOfPlace,
  type NamedSecret,
} from '@mlterra/testing/canaries';

const workspaceRoot = join(__dirname, '../../..');
const CLI = join(workspaceRoot, 'packages/cli/bin/mlterra.js');

/** Rehearses every environment from the beginning to the end. */
const whenAsked = process.env.MLTERRA_TEST_FULL ? describe : describe.skip;

jest.setTimeout(600_000);

interface State {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** Where the state is, and saved plans, which have the planned values; the engine encrypts its own. */
const isMeant = (file: string): boolean => file.startsWith('state/') || file.endsWith('.plan');

/** Everything that a rehearsal of one environment writes and prints, with the secrets that it made up. */
class Rehearsed {
  public readonly folder: string;
  /** Standard output, and standard error with the raw log of the engine. */
  public readonly printed: Readonly<Record<'stdout' | 'stderr', string>>;
  private readonly temporary = mkdtempSync(join(tmpdir(), 'mlc-'));

  public constructor(environment: string) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        CLI,
        'rehearse',
        environment,
        '--json',
        '--verbose',
        '--keep',
        '--junit',
        join(this.temporary, 'junit.xml'),
      ],
      {
        cwd: workspaceRoot,
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: this.temporary },
        maxBuffer: 512 * 1024 * 1024,
      },
    );
    if (status !== 0) throw new Error(stderr.slice(-4000));
    const { environments } = JSON.parse(stdout) as { environments: readonly [{ keptFolder: string }] };
    this.folder = environments[0].keptFolder;
    this.printed = { stdout, stderr };
  }

  public get report(): string {
    return readFileSync(join(this.temporary, 'junit.xml'), 'utf8');
  }

  /** Resources as they were before they were destroyed: the states of the end are empty. */
  public get stacks(): Parameters<typeof secretsOutOfPlace>[0] {
    const states = join(this.folder, 'state');
    return readdirSync(states, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.tfstate.backup'))
      .map((file) => {
        const key = file.replace('.tfstate.backup', '');
        const [environment = '', stage = '', stack = ''] = key.split('/');
        const { resources } = JSON.parse(readFileSync(join(states, file), 'utf8')) as State;
        return {
          key,
          stackKey: { environment, stage, stack },
          steps: [],
          outputs: {},
          config: JSON.parse(
            readFileSync(join(this.folder, 'work', `${stage}-${stack}`, 'cdk.tf.json'), 'utf8'),
          ) as Record<string, unknown>,
          resources: resources
            .filter(({ mode }) => mode === 'managed')
            .flatMap(({ type, name, instances }) =>
              instances.map(({ attributes }) => ({
                ...{ address: `${type}.${name}`, mode: 'managed' as const, type, name, provider: '' },
                values: attributes,
              })),
            ),
        };
      });
  }

  public remove(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

whenAsked('a full rehearsal', () => {
  const names = readdirSync(join(workspaceRoot, 'environments')).filter((name) =>
    existsSync(join(workspaceRoot, 'environments', name, 'environment.ts')),
  );

  it.each(names)('of %s writes its secrets into states only, and prints none', (name) => {
    const rehearsed = new Rehearsed(name);
    try {
      const { stacks, folder } = rehearsed;
      const secrets = generatedSecrets(stacks);
      const search = new SecretSearch(secrets);
      expect(stacks.length).toBeGreaterThan(1);
      // The host makes those of its programs itself.
      expect(secrets.length > 0).toBe(name !== 'quickstart');
      const { leaks, meant, files } = secretsInFolder(folder, search, isMeant);
      expect(leaks).toEqual([]);
      expect(files).toBeGreaterThan(stacks.length);
      expect(meant.length > 0).toBe(secrets.length > 0);
      expect(secretsOutOfPlace(stacks)).toEqual([]);
      expect(search.in(rehearsed.printed.stdout)).toEqual([]);
      expect(search.in(rehearsed.printed.stderr)).toEqual([]);
      expect(search.in(rehearsed.report)).toEqual([]);
      expectToBeSeen(stacks, secrets);
    } finally {
      rehearsed.remove();
    }
  });
});

/** A renderer that put a secret of a release among its values would be told of. */
function expectToBeSeen(
  stacks: Parameters<typeof secretsOutOfPlace>[0],
  [secret]: readonly NamedSecret[],
): void {
  const spoilt = stacks.map((stack) => ({
    ...stack,
    resources: stack.resources.map((resource) =>
      resource.type === 'helm_release'
        ? {
            ...resource,
            values: { ...resource.values, values: [JSON.stringify({ configMap: secret!.value })] },
          }
        : resource,
    ),
  }));
  const releases = stacks.flatMap(({ resources }) => resources.filter(({ type }) => type === 'helm_release'));
  expect(secretsOutOfPlace(spoilt)).toHaveLength(releases.length);
}
