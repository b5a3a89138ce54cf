import { profiles } from '@mlterra/core';
import type { CheckContext } from '../check';
import { checkTool } from '../run-suites';
import { production } from '../testing/good-facts';
import { goodOperator } from '../testing/good-operator';
import { mutationTests, type Loose, type Mutation } from '../testing/mutation';
import type { ToolFacts } from './tool-facts';

/* eslint-disable @typescript-eslint/no-explicit-any -- values and manifests have any shape */

type Facts = Loose<ToolFacts>;

const vault = (facts: Facts) => facts.charts[0]!;
const values = (facts: Facts): any => vault(facts).values;
const object = (facts: Facts, kind: string) => facts.objects.find((each) => each.kind === kind)!;
const manifest = (facts: Facts, kind: string): any => object(facts, kind).manifest;
const without = (facts: Facts, left: (each: Facts['objects'][0]) => boolean): void => {
  facts.objects = facts.objects.filter((each) => !left(each));
};

const faults: readonly Mutation<ToolFacts>[] = [
  {
    fault: 'a recipe that expects nothing',
    check: 'recipe',
    says: 'vault: the recipe expects no program, no chart and no object, expected one',
    spoil: (facts) => {
      facts.recipe.expectations.charts = [];
      facts.recipe.expectations.objects = [];
      facts.charts = [];
    },
  },
  {
    fault: 'a chart that is not there',
    check: 'charts',
    says: 'prod-vault: the list of charts is ["vault"], expected vault-operator among them',
    spoil: (facts) => {
      facts.charts = [vault(facts)];
    },
  },
  {
    fault: 'a chart that nobody expects',
    check: 'charts',
    says: 'helm_release.operator: the chart is "vault-operators", expected one that the recipe names',
    spoil: (facts) => (facts.charts[1]!.chart = 'vault-operators'),
  },
  {
    fault: 'a chart from somewhere else',
    check: 'charts',
    says: 'helm_release.vault: the repository of vault is "https://mirror.example.org", expected https://charts.example.org',
    spoil: (facts) => (vault(facts).repository = 'https://mirror.example.org'),
  },
  {
    fault: 'a chart in any version of a range',
    check: 'charts',
    says: 'helm_release.vault: the version of vault is "^1.2.3", expected one version, no range',
    spoil: (facts) => (vault(facts).version = '^1.2.3'),
  },
  {
    fault: 'a chart in the newest version',
    check: 'charts',
    says: 'the version of vault is not known',
    spoil: (facts) => delete (vault(facts) as Partial<Facts['charts'][0]>).version,
  },
  {
    fault: 'a failed upgrade that stays',
    check: 'charts',
    says: 'helm_release.vault: going back where an upgrade fails is false, expected true',
    spoil: (facts) => (vault(facts).atomic = false),
  },
  {
    fault: 'values that cannot be read',
    check: 'chart-values',
    says: 'helm_release.operator: the values is not known',
    spoil: (facts) => delete (facts.charts[1] as Partial<Facts['charts'][0]>).values,
  },
  {
    fault: 'a generated secret in values',
    check: 'chart-values',
    says: 'helm_release.vault: a generated secret stands in the values, expected the name of a Secret',
    spoil: (facts) => vault(facts).plainText.push(`key: ${facts.secrets[0]!}`),
  },
  {
    fault: 'a password in values',
    check: 'chart-values',
    says: 'helm_release.vault: the value auth.adminPassword is plain text, expected the name of a Secret',
    spoil: (facts) => (values(facts).auth.adminPassword = 'hunter2'),
  },
  {
    fault: 'values that name a Secret which is not there',
    check: 'chart-values',
    says: 'helm_release.vault: the Secret named at auth.existingSecret is "vault-auht", expected vault-auth or vault-unseal',
    spoil: (facts) => (values(facts).auth.existingSecret = 'vault-auht'),
  },
  {
    fault: 'values that name no Secret',
    check: 'chart-values',
    says: 'the Secret named at auth.existingSecret is not known',
    spoil: (facts) => delete values(facts).auth,
  },
  {
    fault: 'a Secret in another namespace',
    check: 'chart-values',
    says: 'the Secret named at auth.existingSecret is "vault-auth", expected vault-unseal',
    spoil: (facts) => (facts.objects.find(({ name }) => name === 'vault-auth')!.namespace = 'prod-other'),
  },
  {
    fault: 'a bundled database that is on',
    check: 'chart-bundled-off',
    says: 'helm_release.vault: the value postgresql.enabled is true, expected false',
    spoil: (facts) => (values(facts).postgresql.enabled = true),
  },
  {
    fault: 'a bundled cache that nobody turned off',
    check: 'chart-bundled-off',
    says: 'helm_release.vault: the value redis.enabled is not known, expected false',
    spoil: (facts) => delete values(facts).redis,
  },
  {
    fault: 'a namespace that admits more than it must',
    check: 'pod-security',
    says: 'helm_release.vault: what the namespace prod-vault admits is "privileged", expected restricted',
    spoil: (facts) =>
      (manifest(facts, 'Namespace').metadata.labels['pod-security.kubernetes.io/enforce'] = 'privileged'),
  },
  {
    fault: 'a namespace that nobody labelled',
    check: 'pod-security',
    says: 'helm_release.operator: what the namespace prod-vault-operator admits is not known, expected baseline',
    spoil: (facts) =>
      without(facts, ({ kind, name }) => kind === 'Namespace' && name === 'prod-vault-operator'),
  },
  {
    fault: 'an object that is not there',
    check: 'objects',
    says: /^prod-vault: the list of objects is .*, expected example\.org\/v1 VaultClass among them$/,
    spoil: (facts) => without(facts, ({ kind }) => kind === 'VaultClass'),
  },
  {
    fault: 'an object of an older version',
    check: 'objects',
    says: 'expected example.org/v1 VaultClass among them',
    spoil: (facts) => (object(facts, 'VaultClass').apiVersion = 'example.org/v1beta1'),
  },
  {
    fault: 'an object that names a Secret which is not there',
    check: 'objects',
    says: 'helm_release.kubernetes Vault main: the Secret named at spec.unseal.secretRef.name is "seal"',
    spoil: (facts) => (manifest(facts, 'Vault').spec.unseal.secretRef.name = 'seal'),
  },
  {
    fault: 'a generated secret in an object',
    check: 'credentials-by-reference',
    says: 'helm_release.kubernetes Vault main: a generated secret stands in plain text',
    spoil: (facts) => (manifest(facts, 'Vault').spec.note = facts.secrets[0]),
  },
  {
    fault: 'a chart that reaches everything',
    check: 'egress',
    says: 'helm_release.vault: what it may connect to is "free", expected named peers only',
    spoil: (facts) => (vault(facts).egress = 'free'),
  },
  {
    fault: 'a chart that reaches all ports of everything',
    check: 'egress',
    says: 'helm_release.vault: what it may connect to is ["0.0.0.0/0"], expected named ports',
    spoil: (facts) => (vault(facts).egress = [{ cidrs: ['0.0.0.0/0'] } as never]),
  },
  {
    fault: 'a chart of which nobody knows what it reaches',
    check: 'egress',
    says: 'helm_release.operator: what it may connect to is not known',
    spoil: (facts) => delete (facts.charts[1] as Partial<Facts['charts'][0]>).egress,
  },
];

describe('contract of tools that are charts and objects', () => {
  mutationTests(goodOperator, faults, (facts) => checkTool(facts, production));

  it('lets nothing be free where policies are strict only', () => {
    const development: CheckContext = { ...production, profile: profiles.development };
    const charts = goodOperator.charts.map((chart) => ({ ...chart, egress: 'free' as const }));
    expect(checkTool({ ...goodOperator, charts }, development).findings).toEqual([]);
  });

  it('sees a chart of a tool that expects none', () => {
    const { expectations } = goodOperator.recipe;
    const recipe = { ...goodOperator.recipe, expectations: { ...expectations, charts: [] } };
    const { findings } = checkTool({ ...goodOperator, recipe }, production);
    expect(findings.map(({ check }) => check)).toEqual(['charts', 'charts']);
  });
});
