import { existsSync, readFileSync } from 'node:fs';
import type { RehearsedResource, RehearsedStack } from './result';

/** A state of Terraform's format version 4; only the fields that are used. */
interface State {
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
  readonly resources?: readonly StateResource[];
}

interface StateResource {
  /** `module.network`, for a resource of a module. */
  readonly module?: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** `provider["registry.terraform.io/hashicorp/google"].alias` */
  readonly provider: string;
  readonly instances: readonly {
    readonly index_key?: string | number;
    readonly attributes?: Readonly<Record<string, unknown>>;
    /** What the provider keeps beside it, in base64. */
    readonly private?: string;
  }[];
}

/** What a state file holds; nothing where there is none. */
export function readState(file: string): Pick<RehearsedStack, 'resources' | 'outputs'> {
  const { resources = [], outputs = {} } = parsed(file);
  return {
    resources: resources.flatMap(instancesOf),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { value, sensitive }]) => [
        name,
        { value, sensitive: sensitive === true },
      ]),
    ),
  };
}

/** What the provider keeps beside the resource at an address; undefined where none stands there. */
export function keptBeside(file: string, address: string): Uint8Array | undefined {
  for (const resource of parsed(file).resources ?? []) {
    const index = instancesOf(resource).findIndex((one) => one.address === address);
    if (index >= 0) return Buffer.from(resource.instances[index]!.private ?? '', 'base64');
  }
  return undefined;
}

function parsed(file: string): State {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return (text === '' ? {} : JSON.parse(text)) as State;
}

function instancesOf(resource: StateResource): RehearsedResource[] {
  const { module, mode, type, name } = resource;
  const provider = /^provider\["([^"]+)"\]/.exec(resource.provider)?.[1] ?? resource.provider;
  return resource.instances.map(({ index_key: index, attributes }) => ({
    address: `${module === undefined ? '' : `${module}.`}${mode === 'data' ? 'data.' : ''}${type}.${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`,
    mode,
    type,
    name,
    provider,
    values: attributes ?? {},
  }));
}
