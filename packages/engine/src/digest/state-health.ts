import { canonicalJson } from '../state/lossless';
import type { StateFile } from '../state/state-file';
import type { TerraformConfig } from '../synth/synthesize';
import { instanceAddress, resourceAddress, unescapeTemplate, withKey } from './instances';
import { managedAddresses, readStamp, STAMP_ADDRESS } from './stamp';

/**
 * Why the stamp of a state must not be trusted, although it may equal what is wanted: an apply stopped
 * half-way. Empty where nothing speaks against it.
 */
export function unsettled(state: StateFile, config: TerraformConfig): readonly string[] {
  const reasons: string[] = [];
  const declared = new Map(
    managedAddresses(config).map((address) => [address, instanceKeys(config, address)]),
  );
  declared.set(STAMP_ADDRESS, 'unknown');
  const present = new Set<string>();
  for (const resource of state.resources) {
    if (resource.mode !== 'managed') continue;
    // Of a resource in a module, only the module call is declared here.
    const address =
      resource.module === undefined
        ? resourceAddress(resource)
        : resource.module.split('.').slice(0, 2).join('.').replace(/\[.*$/, '');
    for (const { status, deposed, indexKey } of resource.instances) {
      const name = instanceAddress(resource, indexKey);
      if (deposed !== undefined) {
        reasons.push(`a replaced ${name} was not destroyed`);
        continue;
      }
      present.add(withKey(address, indexKey));
      if (status === 'tainted') reasons.push(`${name} is tainted: its creation did not finish`);
      const keys = declared.get(address);
      if (keys !== 'unknown' && keys?.has(indexKey) !== true) {
        reasons.push(`${name} is no longer defined, but still there`);
      }
    }
  }
  for (const [address, keys] of declared) {
    if (keys === 'unknown') continue;
    for (const key of keys) {
      if (!present.has(withKey(address, key))) reasons.push(`${withKey(address, key)} is not there`);
    }
  }
  const stamp = readStamp(state);
  if (stamp !== undefined) {
    const values = Object.entries(state.outputs).map(([name, { value }]) => [name, value] as const);
    if (canonicalJson(withoutNulls(values)) !== canonicalJson(withoutNulls(Object.entries(stamp.outputs))))
      reasons.push('its outputs were not written completely');
  }
  return reasons;
}

/** Keys of the instances that a declared resource has: `undefined` for a single one; `unknown` where an expression decides. */
export function instanceKeys(
  config: TerraformConfig,
  address: string,
): Set<string | number | undefined> | 'unknown' {
  const [type, name] = address.split('.') as [string, string];
  if (type === 'module') return 'unknown';
  const resources = config['resource'] as Record<
    string,
    Record<string, { count?: unknown; for_each?: unknown }>
  >;
  const body = resources[type]![name]!;
  if (body.count !== undefined) {
    return typeof body.count === 'number'
      ? new Set(Array.from({ length: body.count }, (_, index) => index))
      : 'unknown';
  }
  if (body.for_each !== undefined) {
    const keys = literalKeys(body.for_each);
    if (keys === undefined || keys.some((key) => /(?<![$%])[$%]\{/.test(key))) return 'unknown';
    return new Set(keys.map(unescapeTemplate));
  }
  return new Set([undefined]);
}

function literalKeys(each: unknown): readonly string[] | undefined {
  if (typeof each === 'object' && each !== null && !Array.isArray(each)) return Object.keys(each);
  // As CDKTF writes an iterator over a list.
  const list = typeof each === 'string' ? /^\$\{toset\((\["[^\\$%{]*"\])\)\}$/.exec(each)?.[1] : undefined;
  try {
    return list === undefined ? undefined : (JSON.parse(list) as readonly string[]);
  } catch {
    return undefined;
  }
}

/** Terraform does not write an output whose value is null. */
function withoutNulls(outputs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(outputs.filter(([, value]) => value !== null && value !== undefined));
}
