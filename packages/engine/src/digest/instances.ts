import type { StateFile } from '../state/state-file';

/** One instance of a managed resource in a state. */
export interface ManagedInstance {
  /** As Terraform shows it: `module.m["k"].terraform_data.a[0]`. */
  readonly address: string;
  /** Without the key of the instance: `module.m["k"].terraform_data.a`. */
  readonly resource: string;
  readonly isTainted: boolean;
  /** Set on what was replaced and is not destroyed yet. */
  readonly deposed?: string;
  readonly id?: string;
}

/** What names a resource in a state. */
export interface ResourceName {
  readonly module?: string;
  readonly type: string;
  readonly name: string;
}

export function resourceAddress({ module, type, name }: ResourceName): string {
  return module === undefined ? `${type}.${name}` : `${module}.${type}.${name}`;
}

export function instanceAddress(resource: ResourceName, key: string | number | undefined): string {
  return withKey(resourceAddress(resource), key);
}

/** The address of an instance of a resource; a single one has no key. Terraform writes keys as texts of its own syntax. */
export function withKey(resource: string, key: string | number | undefined): string {
  if (key === undefined) return resource;
  return `${resource}[${escapeTemplate(JSON.stringify(key))}]`;
}

/** The key in the brackets of an address: the inverse of `withKey`. */
export function keyOf(text: string): string | number {
  return text.startsWith('"') ? unescapeTemplate(JSON.parse(text) as string) : Number(text);
}

/** A text as Terraform writes it where it would read a template: `${` becomes `$${`. */
export function escapeTemplate(text: string): string {
  return text.replace(/[$%](?=\{)/g, '$&$&');
}

/** The inverse of `escapeTemplate`. */
export function unescapeTemplate(text: string): string {
  return text.replace(/([$%])\1(?=\{)/g, '$1');
}

/** The local name of the provider that a resource has where it names none: the first word of its type. */
export function impliedProvider(address: string): string {
  return address.split(/[_.]/)[0]!;
}

/** An address without the keys of modules and instances. */
export function withoutKeys(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}

/** Every instance of every managed resource of a state. */
export function managedInstances(state: StateFile): readonly ManagedInstance[] {
  return state.resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) => {
      const resource = resourceAddress({ module, type, name });
      return instances.map(({ indexKey, status, deposed, attributes }): ManagedInstance => {
        const id = (attributes as { readonly id?: unknown } | null)?.id;
        return {
          address: instanceAddress({ module, type, name }, indexKey),
          resource,
          isTainted: status === 'tainted',
          ...(deposed === undefined ? {} : { deposed }),
          ...(typeof id === 'string' ? { id } : {}),
        };
      });
    });
}
