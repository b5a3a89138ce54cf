import type { TerraformConfig } from '@mlterra/engine/parts';
import type { Fault } from '../faults';
import type { Level } from '../level/level';
import type { BlockSchema } from '../schema/model';
import { blocksOf, providerOf, requiredProviders } from './used-types';

/** One attribute that a rehearsal changes, to see that a plan finds this change and no other. */
export interface ChangeCandidate {
  readonly type: string;
  readonly name: string;
  readonly attribute: string;
  readonly value: string | number | boolean;
  /** Whether the change is to replace the resource. */
  readonly replaces: boolean;
}

export interface CandidateOptions {
  readonly levels: Readonly<Record<string, Level>>;
  /** Schema of a managed type, where the provider is played. */
  readonly schema: (source: string, type: string) => BlockSchema | undefined;
  readonly faults: readonly Fault[];
}

/** Of these providers every change replaces the resource. */
const REPLACING = /\/(random|tls|null|local|time)$/;

const TEXTS = /^(description|display_name|friendly_name|title|comment)$/;
/** Attributes of which a change mostly makes another resource. */
const IDENTITIES =
  /^(id|name|type|location|region|zone|zones|project|address|.*_(name|id|type|prefix|location|region|zone|cidr|range|version|key|policy|mode|kind))$/;

const META = new Set([
  'count',
  'for_each',
  'provider',
  'depends_on',
  'lifecycle',
  'provisioner',
  'connection',
]);

/** Attributes that can be changed, the most harmless first; always in the same order for the same configuration. */
export function changeCandidates(
  config: TerraformConfig,
  { levels, schema, faults }: CandidateOptions,
): readonly ChangeCandidate[] {
  const required = requiredProviders(config);
  const text = JSON.stringify(config);
  const found: (ChangeCandidate & { readonly rank: number })[] = [];
  for (const [type, blocks] of Object.entries(blocksOf(config, 'resource'))) {
    for (const [name, block] of Object.entries(blocks)) {
      if (block['count'] !== undefined || block['for_each'] !== undefined) continue;
      const source = providerOf(type, block, required);
      const types = schema(source, type);
      for (const [attribute, given] of Object.entries(block)) {
        const value = changed(given);
        if (META.has(attribute) || value === undefined || isIgnored(block, attribute)) continue;
        const replaces = faults.some(
          (fault) =>
            fault.kind === 'replace-on-change' && fault.type === type && fault.attribute === attribute,
        );
        if (!replaces && (REPLACING.test(source) || isRead(text, `${type}.${name}`, attribute))) continue;
        if (type === 'terraform_data' ? attribute !== 'input' : !isPlain(types, attribute)) continue;
        const rank = replaces ? 0 : rankOf(attribute, given, levels[source] ?? 'rehearsal');
        if (rank !== undefined) found.push({ type, name, attribute, value, replaces, rank });
      }
    }
  }
  const key = (one: ChangeCandidate): string => `${one.type}.${one.name}.${one.attribute}`;
  return found
    .sort((a, b) => a.rank - b.rank || (key(a) < key(b) ? -1 : 1))
    .map(({ rank: _, ...candidate }) => candidate);
}

function changed(given: unknown): string | number | boolean | undefined {
  if (typeof given === 'number') return given + 1;
  if (typeof given === 'boolean') return !given;
  return typeof given === 'string' && given !== '' && !/[$%]\{/.test(given) ? `${given}-changed` : undefined;
}

/** Whether something else would change with it. */
function isRead(text: string, address: string, attribute: string): boolean {
  const escaped = address.replace('.', '\\.');
  return new RegExp(`(?<![\\w.])${escaped}(?:\\.${attribute}\\b|(?!\\.)(?![\\w-]))`).test(withoutOrder(text));
}

/** `depends_on` names whole resources, and reads nothing of them. */
function withoutOrder(text: string): string {
  return text.replace(/"depends_on":\[[^\]]*\]/g, '');
}

function isIgnored(block: Readonly<Record<string, unknown>>, attribute: string): boolean {
  const lifecycle = [block['lifecycle'] ?? {}].flat()[0] as { readonly ignore_changes?: unknown };
  const ignored = [lifecycle.ignore_changes ?? []].flat();
  return ignored.includes('all') || ignored.includes(attribute);
}

function isPlain(block: BlockSchema | undefined, attribute: string): boolean {
  const type = block?.attributes[attribute]?.type;
  return type === 'string' || type === 'number' || type === 'bool';
}

/** Undefined for what a real provider would refuse or answer with another resource. */
function rankOf(attribute: string, value: unknown, level: Level): number | undefined {
  if (TEXTS.test(attribute)) return 1;
  if (IDENTITIES.test(attribute)) return level === 'rehearsal' ? 5 : undefined;
  if (typeof value === 'number') return 2;
  return typeof value === 'boolean' ? 3 : level === 'rehearsal' ? 4 : undefined;
}
