import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { droppedAttributes } from '../provider/dropped-attributes';
import { attributesDropped } from '../provider/errors';
import { RehearsedFolder } from '../provider/testing/rehearsed-folder';
import { readSchemas } from '../schema/read-schemas';
import type { ProviderSchema } from '../schema/model';
import {
  providerSources,
  type WrongConfiguration,
  wrongConfigurations,
} from './testing/wrong-configurations';

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

let cacheDir: string;

beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'mlterra-schemas-'));
});

afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const nameOf = (index: number): string => `case_${index}`;

/** Schemas of what the configurations use; a type that exists nowhere has none. */
function schemasOf(cases: readonly WrongConfiguration[]): ProviderSchema[] {
  const isKnown = (type: string): boolean =>
    !['azurerm_resource_groups', 'terraform_remote_state'].includes(type);
  const providers = [...new Set(cases.map(({ provider }) => provider))];
  const used = providers.map((provider) => {
    const configs = cases.filter((one) => one.provider === provider).map(({ config }) => config('it'));
    const types = (kind: string): string[] => [
      ...new Set(configs.flatMap((config) => Object.keys(config[kind] ?? {})).filter(isKnown)),
    ];
    return { source: providerSources[provider]!, resources: types('resource'), dataSources: types('data') };
  });
  return readSchemas(used, { from: __dirname, cacheDir });
}

/** What Terraform says about each of the configurations, which stand in one folder, a file each. */
async function diagnose(
  cases: readonly WrongConfiguration[],
  at: 'validate' | 'plan',
): Promise<Map<WrongConfiguration, Diagnostic[]>> {
  const folder = await RehearsedFolder.start(schemasOf(cases));
  try {
    folder.write({});
    await folder.init();
    folder.addStateWithoutOutputs('other.tfstate');
    for (const [index, { config }] of cases.entries()) folder.add(nameOf(index), config(nameOf(index)));
    const { stdout } = await folder.terraform(at, '-json');
    const found =
      at === 'validate'
        ? (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics
        : stdout.split('\n').flatMap((line) => {
            const parsed = (line ? JSON.parse(line) : {}) as { diagnostic?: Diagnostic };
            return parsed.diagnostic ? [parsed.diagnostic] : [];
          });
    return new Map(
      cases.map((one, index) => {
        // A cycle has no place: of a case that is alone, everything that is said is about it.
        const isAbout = ({ range }: Diagnostic): boolean =>
          range ? range.filename === `${nameOf(index)}.tf.json` : cases.length === 1;
        return [one, found.filter((each) => each.severity === 'error' && isAbout(each))];
      }),
    );
  } finally {
    await folder.stop();
  }
}

const seen = wrongConfigurations.filter(({ rejected }) => rejected !== undefined);
const unseen = wrongConfigurations.filter(({ rejected }) => rejected === undefined);
const together = (at: 'validate' | 'plan' | 'check'): WrongConfiguration[] =>
  seen.filter((one) => !one.alone && (one.at ?? 'validate') === at);

function expectRejected(one: WrongConfiguration, diagnostics: readonly Diagnostic[] | undefined): void {
  const said = (diagnostics ?? []).map(({ summary, detail }) =>
    `${summary}: ${detail ?? ''}`.replace(/\s+/g, ' '),
  );
  expect({ name: one.name, said: said.join('\n') }).toEqual({
    name: one.name,
    said: expect.stringMatching(one.rejected!),
  });
}

test('there are at least 40, each rejected or with the reason why it is not', () => {
  expect(wrongConfigurations.length).toBeGreaterThanOrEqual(40);
  expect(new Set(wrongConfigurations.map(({ name }) => name)).size).toBe(wrongConfigurations.length);
  for (const { rejected, beyondRehearsal } of wrongConfigurations) {
    expect((rejected === undefined) !== (beyondRehearsal === undefined)).toBe(true);
  }
});

describe.each(['validate', 'plan'] as const)('rejected by terraform %s, with the line', (at) => {
  const cases = together(at);
  let diagnostics: Map<WrongConfiguration, Diagnostic[]>;
  beforeAll(async () => {
    diagnostics = await diagnose(cases, at);
  });

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expectRejected(one, diagnostics.get(one));
    expect(diagnostics.get(one)![0]!.range!.start.line).toBeGreaterThan(1);
  });
});

describe('rejected by the rehearsal itself', () => {
  test.each(together('check').map((one) => [one.name, one] as const))('%s', (_, one) => {
    const dropped = droppedAttributes(one.config('it'), schemasOf([one]));
    expect(attributesDropped(dropped).message).toMatch(one.rejected!);
  });
});

describe('rejected before anything else is looked at', () => {
  test.each(seen.filter(({ alone }) => alone).map((one) => [one.name, one] as const))(
    '%s',
    async (_, one) => {
      expectRejected(one, (await diagnose([one], one.at === 'plan' ? 'plan' : 'validate')).get(one));
    },
  );
});

describe('beyond rehearsal, as listed', () => {
  let diagnostics: Map<WrongConfiguration, Diagnostic[]>;
  beforeAll(async () => {
    diagnostics = await diagnose(unseen, 'plan');
  });

  test.each(unseen.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(droppedAttributes(one.config('it'), schemasOf([one]))).toEqual([]);
    expect(diagnostics.get(one)).toEqual([]);
  });
});
