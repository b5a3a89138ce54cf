import type { TerraformConfig } from '@mlterra/engine/parts';
import type { UsedTypes } from '../schema/model';

/** Blocks of one kind in Terraform JSON: by type, then by name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** `resource` or `data` blocks of a configuration. */
export function blocksOf(config: TerraformConfig, kind: 'resource' | 'data'): Blocks {
  return (config[kind] ?? {}) as Blocks;
}

const BUILT_IN = 'terraform.io/builtin/terraform';

/** Providers with the types that some configurations use, sorted; without Terraform's own. */
export function usedTypes(configs: readonly TerraformConfig[]): readonly UsedTypes[] {
  const used = new Map<string, { resources: Set<string>; dataSources: Set<string> }>();
  const of = (source: string): { resources: Set<string>; dataSources: Set<string> } => {
    const types = used.get(source) ?? { resources: new Set(), dataSources: new Set() };
    used.set(source, types);
    return types;
  };
  for (const config of configs) {
    const required = requiredProviders(config);
    for (const source of required.values()) of(source);
    for (const [kind, field] of [
      ['resource', 'resources'],
      ['data', 'dataSources'],
    ] as const) {
      for (const [type, blocks] of Object.entries(blocksOf(config, kind))) {
        for (const block of Object.values(blocks)) of(providerOf(type, block, required))[field].add(type);
      }
    }
  }
  return [...used]
    .filter(([source]) => source !== BUILT_IN)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, { resources, dataSources }]) => ({
      source,
      resources: [...resources].sort(),
      dataSources: [...dataSources].sort(),
    }));
}

/** Full source address of the provider of a block. */
export function providerOf(
  type: string,
  block: Readonly<Record<string, unknown>>,
  required: ReadonlyMap<string, string>,
): string {
  const given = block['provider'];
  const local =
    typeof given === 'string' ? given.replace(/^\$\{(.*)\}$/, '$1').split('.')[0]! : type.split('_')[0]!;
  return required.get(local) ?? (local === 'terraform' ? BUILT_IN : fullSource(local));
}

/** Source addresses by local name. */
export function requiredProviders(config: TerraformConfig): ReadonlyMap<string, string> {
  const terraform = (config['terraform'] ?? {}) as {
    required_providers?: Record<string, { source?: string }>;
  };
  return new Map(
    Object.entries(terraform.required_providers ?? {}).map(([name, { source }]) => [
      name,
      fullSource(source ?? name),
    ]),
  );
}

function fullSource(given: string): string {
  const parts = given.split('/');
  if (parts.length === 1) return `registry.terraform.io/hashicorp/${given}`;
  return parts.length === 2 ? `registry.terraform.io/${given}` : given;
}
