import { stateCorrupt } from '../errors';
import { parseLossless } from './lossless';

/**
 * A Terraform state, format version 4: what the engine reads of it. Values of outputs and attributes keep every digit
 * of their numbers: see `parseLossless`.
 */
export interface StateFile {
  readonly version: 4;
  /** Of the engine that wrote it. */
  readonly terraformVersion: string;
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Readonly<Record<string, { readonly value: unknown; readonly sensitive: boolean }>>;
  readonly resources: readonly StateResource[];
}

export interface StateResource {
  /** Address of the module, e.g. `module.network`. Absent in the root module. */
  readonly module?: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: readonly StateInstance[];
}

export interface StateInstance {
  readonly indexKey?: string | number;
  /** `tainted` where the creation failed. */
  readonly status?: string;
  /** Key of an old instance that was replaced, but not destroyed yet. */
  readonly deposed?: string;
  readonly attributes: unknown;
  readonly schemaVersion: number;
}

/** A state, or why what is in it cannot be told without its engine. */
export type ParsedState =
  | { readonly kind: 'state'; readonly state: StateFile }
  | { readonly kind: 'opaque'; readonly reason: string };

/** For messages about a state that cannot be used. */
export interface StateOrigin {
  /** File, object or schema. */
  readonly name: string;
  /** Where an earlier version may be found, e.g. `the file x.backup`. */
  readonly earlier: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the text of a state. Throws `state-corrupt` unless it is complete and of version 4. */
export function parseState(text: string, origin: StateOrigin): ParsedState {
  const refuse = (found: string): never => {
    throw stateCorrupt(origin.name, found, origin.earlier);
  };
  if (text.trim() === '') return refuse('is empty');
  let json: unknown;
  try {
    json = parseLossless(text);
  } catch {
    return refuse('is cut off or is not JSON');
  }
  if (!isObject(json)) return refuse('is JSON, but not a state');
  if ('encrypted_data' in json) return { kind: 'opaque', reason: 'the state is encrypted' };
  if (json['version'] !== 4) {
    return refuse(
      json['version'] === undefined
        ? 'has no format version'
        : `has the format version ${JSON.stringify(json['version'])}`,
    );
  }
  const state = stateOf(json);
  return typeof state === 'string' ? refuse(`has no valid ${state}`) : { kind: 'state', state };
}

/** The state, or the name of the first field that is not as it should be. */
function stateOf(json: Json): StateFile | string {
  const { serial, lineage, outputs = {}, resources = [] } = json;
  const terraformVersion = json['terraform_version'] ?? '';
  if (typeof terraformVersion !== 'string') return 'terraform_version';
  if (typeof serial !== 'number') return 'serial';
  if (typeof lineage !== 'string') return 'lineage';
  if (!isObject(outputs)) return 'outputs';
  if (!Array.isArray(resources)) return 'resources';
  const parsedOutputs: Record<string, { value: unknown; sensitive: boolean }> = {};
  for (const [name, output] of Object.entries(outputs)) {
    if (!isObject(output) || !('value' in output)) return `outputs.${name}`;
    parsedOutputs[name] = { value: output['value'], sensitive: output['sensitive'] === true };
  }
  const parsedResources: StateResource[] = [];
  for (const [index, resource] of resources.entries()) {
    const parsed = isObject(resource) ? resourceOf(resource) : undefined;
    if (parsed === undefined) return `resources[${index}]`;
    parsedResources.push(parsed);
  }
  return {
    version: 4,
    terraformVersion,
    serial,
    lineage,
    outputs: parsedOutputs,
    resources: parsedResources,
  };
}

function resourceOf(json: Json): StateResource | undefined {
  const { module, mode, type, name, provider, instances } = json;
  if (module !== undefined && typeof module !== 'string') return undefined;
  if (mode !== 'managed' && mode !== 'data') return undefined;
  if (typeof type !== 'string' || typeof name !== 'string' || typeof provider !== 'string') return undefined;
  if (!Array.isArray(instances) || !instances.every(isObject)) return undefined;
  return {
    ...(module === undefined ? {} : { module }),
    mode,
    type,
    name,
    provider,
    instances: instances.map(instanceOf),
  };
}

function instanceOf(json: Json): StateInstance {
  const indexKey = json['index_key'] as string | number | undefined;
  const status = json['status'] as string | undefined;
  const deposed = json['deposed'] as string | undefined;
  return {
    ...(indexKey === undefined ? {} : { indexKey }),
    ...(status === undefined ? {} : { status }),
    ...(deposed === undefined ? {} : { deposed }),
    attributes: json['attributes'],
    schemaVersion: Number(json['schema_version'] ?? 0),
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
