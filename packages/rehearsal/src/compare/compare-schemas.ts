import type { AttributeSchema, BlockSchema, CtyType, ProviderSchema, TypeSchema } from '../schema/model';

/** A fact about a path that a schema states, e.g. `required` of `resource docker_container.ports.internal`. */
export type Fact =
  'kind' | 'type' | 'nesting' | 'required' | 'optional' | 'computed' | 'minItems' | 'maxItems';

export interface SchemaDifference {
  /** e.g. `resource docker_container.ports.internal`. */
  readonly path: string;
  readonly fact: Fact;
  readonly real: unknown;
  readonly extracted: unknown;
  /** Why it cannot agree, where that is known. */
  readonly reason?: string;
}

/** How far an extracted schema agrees with that of the provider itself. */
export interface SchemaComparison {
  readonly source: string;
  readonly real: { readonly origin: string; readonly version: string };
  readonly extracted: { readonly origin: string; readonly version: string };
  /** Resources and data sources that both have. */
  readonly sharedTypes: number;
  /** Attributes, blocks and fields of objects that both have. */
  readonly sharedPaths: number;
  /** Shared paths of which every fact agrees. */
  readonly equalPaths: number;
  /** Paths only the provider has, or only the extracted schema: of another version. */
  readonly onlyReal: number;
  readonly onlyExtracted: number;
  readonly differences: readonly SchemaDifference[];
}

type Facts = Partial<Record<Fact, unknown>>;

/** Compares on the paths both have; what only one has belongs to another version of the provider. */
export function compareSchemas(real: ProviderSchema, extracted: ProviderSchema): SchemaComparison {
  const [ofReal, ofExtracted] = [pathsOf(real), pathsOf(extracted)];
  const differences: SchemaDifference[] = [];
  let sharedPaths = 0;
  let equalPaths = 0;
  for (const [path, facts] of ofReal) {
    const others = ofExtracted.get(path);
    if (others === undefined) continue;
    sharedPaths += 1;
    const found = differencesOf(path, facts, others);
    if (found.length === 0) equalPaths += 1;
    differences.push(...found);
  }
  const shared = (one: object, other: object): number =>
    Object.keys(one).filter((key) => key in other).length;
  return {
    source: real.source,
    real: { origin: real.origin, version: real.version },
    extracted: { origin: extracted.origin, version: extracted.version },
    sharedTypes:
      shared(real.resources, extracted.resources) + shared(real.dataSources, extracted.dataSources),
    sharedPaths,
    equalPaths,
    onlyReal: ofReal.size - sharedPaths,
    onlyExtracted: ofExtracted.size - sharedPaths,
    differences,
  };
}

/** Share of the shared paths that agree, in percent with two decimals, rounded down. */
export function agreement(comparison: SchemaComparison): number {
  if (comparison.sharedPaths === 0) return 0;
  return Math.floor((comparison.equalPaths / comparison.sharedPaths) * 10_000) / 100;
}

function differencesOf(path: string, real: Facts, extracted: Facts): SchemaDifference[] {
  const facts = new Set([...Object.keys(real), ...Object.keys(extracted)] as Fact[]);
  // Of another kind, the facts are not comparable.
  const compared: Iterable<Fact> = real.kind === extracted.kind ? facts : ['kind'];
  return [...compared].flatMap((fact) => {
    if (real[fact] === extracted[fact]) return [];
    const reason = reasonOf(path, fact, real[fact]);
    const difference = { path, fact, real: real[fact], extracted: extracted[fact] };
    return [reason === undefined ? difference : { ...difference, reason }];
  });
}

/** Facts that no binding carries. */
function reasonOf(path: string, fact: Fact, real: unknown): string | undefined {
  if (fact === 'maxItems' && Number(real) > 1) return 'bindings carry no limit above one';
  if ((fact === 'maxItems' || fact === 'minItems') && path.startsWith('provider.')) {
    return 'bindings carry no limits of configuration blocks';
  }
  return undefined;
}

function pathsOf(schema: ProviderSchema): ReadonlyMap<string, Facts> {
  const paths = new Map<string, Facts>();
  const addTypes = (kind: string, types: Readonly<Record<string, TypeSchema>>): void => {
    for (const [name, type] of Object.entries(types)) addBlock(paths, `${kind} ${name}`, type.block);
  };
  addBlock(paths, 'provider', schema.config);
  addTypes('resource', schema.resources);
  addTypes('data', schema.dataSources);
  return paths;
}

function addBlock(paths: Map<string, Facts>, at: string, block: BlockSchema): void {
  addAttributes(paths, at, block.attributes);
  for (const [name, type] of Object.entries(block.blocks)) {
    const { nesting, minItems, maxItems } = type;
    paths.set(`${at}.${name}`, { kind: 'block', nesting, minItems, maxItems });
    addBlock(paths, `${at}.${name}`, type.block);
  }
}

function addAttributes(
  paths: Map<string, Facts>,
  at: string,
  attributes: Readonly<Record<string, AttributeSchema>>,
): void {
  for (const [name, { type, nested, required, optional, computed }] of Object.entries(attributes)) {
    const path = `${at}.${name}`;
    const flags = { required, optional, computed };
    if (nested === undefined) {
      paths.set(path, { kind: 'attribute', type: addObjects(paths, path, type ?? 'dynamic'), ...flags });
    } else {
      paths.set(path, { kind: 'nested attribute', nesting: nested.nesting, ...flags });
      addAttributes(paths, path, nested.attributes);
    }
  }
}

/** Text of a type; the fields of objects in it are paths of their own. */
function addObjects(paths: Map<string, Facts>, at: string, type: CtyType): string {
  if (typeof type === 'string') return type;
  if (type[0] === 'object') {
    for (const [name, field] of Object.entries(type[1])) {
      const path = `${at}.${name}`;
      paths.set(path, { kind: 'field', type: addObjects(paths, path, field) });
    }
    return 'object';
  }
  if (type[0] === 'tuple') return `tuple(${type[1].map((each) => addObjects(paths, at, each)).join(', ')})`;
  return `${type[0]}(${addObjects(paths, at, type[1])})`;
}
