import { existsSync, readFileSync } from 'node:fs';
import type { RehearsedResource, RehearsedStack } from './result';

/** A state of Terraform's format version 4; only the fields that are used. */
interface State {
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
  readonly resources?: readonly StateResource[];
}

interface StateResource {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** `provider["registry.terraform.io/hashicorp/google"].alias` */
  readonly provider: string;
  readonly instances: readonly {
    readonly index_key?: string | number;
    readonly attributes?: Readonly<Record<string, unknown>>;
  }[];
}

/** What a state file holds; nothing where there is none. */
export function readState(file: string): Pick<RehearsedStack, 'resources' | 'outputs'> {
  if (!existsSync(file)) return { resources: [], outputs: {} };
  const text = readFileSync(file, 'utf8');
  const { resources = [], outputs = {} } = (text === '' ? {} : JSON.parse(text)) as State;
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

function instancesOf(resource: StateResource): RehearsedResource[] {
  const { mode, type, name } = resource;
  const provider = /^provider\["([^"]+)"\]/.exec(resource.provider)?.[1] ?? resource.provider;
  return resource.instances.map(({ index_key: index, attributes }) => ({
    address: `${mode === 'data' ? 'data.' : ''}${type}.${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`,
    mode,
    type,
    name,
    provider,
    values: attributes ?? {},
  }));
}
