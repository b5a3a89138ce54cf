import { randomUUID } from 'node:crypto';
import type { HooksReference } from '@mlterra/core';
import stringify from 'safe-stable-stringify';
import type { ProcessIdentity } from '../locks/process-tree';
import { instanceAddress } from './instances';
import type { RecordedTargets } from './recorded-targets';
import type { KnownInstance } from './unsaved';
import { parseLossless, stringifyLossless } from '../state/lossless';

/**
 * Says in the stamp of a state that an apply or destroy has begun. The stamp does not count until one finishes: Terraform
 * then writes it anew, without the mark.
 */
export interface OpenMark {
  /** Id of the run. */
  readonly run: string;
  readonly command: 'apply' | 'destroy';
  /** RFC 3339 */
  readonly since: string;
  /** Name of the machine. */
  readonly host: string;
  /** The process of the run on that machine. */
  readonly process: ProcessIdentity;
  /** Resources (`type.name`, in modules `module.m.type.name`) with provisioners of their creation. */
  readonly creating: readonly string[];
  /** Their instances that were complete before. One that is replaced has the same address, and another id. */
  readonly present: readonly { readonly address: string; readonly id?: string }[];
  /** Id of the run before this one of which the same checkout has the journal. @default - there is none */
  readonly follows?: string;
  /** Where the environment of the caller led. @default - the source names all of it */
  readonly targets?: RecordedTargets;
  /** The run has ended, with an error: what it began it has also ended. */
  readonly ended?: true;
  /** Addresses whose creation a run before it began, or it itself, and that nobody has seen to end. @default - there are none */
  readonly unfinished?: readonly string[];
}

/** What else the stamp of a stack holds, whatever is applied. */
export interface MarkedStack {
  readonly dependencies: readonly string[];
  readonly hooks: readonly HooksReference[];
}

interface StateJson {
  version: number;
  terraform_version: string;
  serial: number;
  lineage: string;
  outputs: unknown;
  resources: ResourceJson[];
}

interface ResourceJson {
  readonly module?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  instances: InstanceJson[];
}

interface InstanceJson {
  readonly index_key?: string | number;
  readonly deposed?: string;
  readonly attributes: {
    readonly id?: unknown;
    readonly input?: { value?: StampInput } | null;
    readonly output?: { value?: StampInput } | null;
  };
}

interface StampInput {
  stamp: string;
}

const PROVIDER = 'provider["terraform.io/builtin/terraform"]';

export interface MarkOptions {
  readonly engineVersion: string;
  readonly drop: readonly KnownInstance[];
  /** @default - none */
  readonly displace?: readonly KnownInstance[];
}

/**
 * The text of a state with its stamp marked, one serial number on. All else stays as it is, to the digit.
 * @param text the state as it is; undefined where there is none: the mark is then all that is in it
 * @param options.drop instances that are gone, and leave the state
 * @param options.displace instances that get an address of their own, which the source does not have
 */
export function markOpen(
  text: string | undefined,
  mark: OpenMark,
  stack: MarkedStack,
  { engineVersion, drop, displace = [] }: MarkOptions,
): string {
  const state = text === undefined ? emptyState(engineVersion) : (parseLossless(text) as StateJson);
  takeOut(state, drop);
  const displaced = takeOut(state, displace);
  displaced.forEach(([resource, instance], index) => {
    const { index_key: _, ...single } = instance;
    state.resources.push({ ...resource, name: `${resource.name}_replaced_${index}`, instances: [single] });
  });
  const instance = stampOf(state) ?? addStamp(state);
  edit(instance, (stamp) => ({
    ...stamp,
    dependencies: union(stamp['dependencies'], stack.dependencies),
    hooks: union(stamp['hooks'], stack.hooks),
    open: mark,
  }));
  return next(state);
}

/**
 * The text of a state in which the mark of a run says that the run has ended. Undefined where the mark is not of that run.
 * @param began whether something may have been changed; if not, the mark is taken away and the stamp counts again
 * @param unfinished see {@link OpenMark.unfinished}
 */
export function markEnded(
  text: string,
  run: string,
  began: boolean,
  unfinished: readonly string[],
): string | undefined {
  const state = parseLossless(text) as StateJson;
  const instance = stampOf(state);
  let found = false;
  if (instance !== undefined) {
    edit(instance, ({ open, ...stamp }) => {
      found = (open as OpenMark | undefined)?.run === run;
      if (!found) return { ...stamp, ...(open === undefined ? {} : { open }) };
      const rest = unfinished.length === 0 ? {} : { unfinished };
      return began ? { ...stamp, open: { ...(open as OpenMark), ended: true, ...rest } } : stamp;
    });
  }
  return found ? next(state) : undefined;
}

/**
 * A state that a run could not store, with the serial number that follows on the state that is stored. Undefined unless
 * nobody else has changed that one since the run began.
 */
export function following(stored: string, unsaved: string): string | undefined {
  const before = parseLossless(stored) as StateJson;
  const after = parseLossless(unsaved) as StateJson;
  const run = markOf(before)?.run;
  if (run === undefined || before.lineage !== after.lineage || markOf(after)?.run !== run) return undefined;
  return next({ ...after, serial: Math.max(Number(before.serial), Number(after.serial)) });
}

function markOf(state: StateJson): OpenMark | undefined {
  const stamp = stampOf(state)?.attributes.input?.value?.stamp;
  return stamp === undefined ? undefined : (JSON.parse(stamp) as { readonly open?: OpenMark }).open;
}

/** @returns what was taken out */
function takeOut(
  state: StateJson,
  unwanted: readonly KnownInstance[],
): readonly (readonly [ResourceJson, InstanceJson])[] {
  const taken: (readonly [ResourceJson, InstanceJson])[] = [];
  for (const resource of state.resources) {
    if (resource.mode !== 'managed') continue;
    resource.instances = resource.instances.filter((instance) => {
      const isUnwanted =
        instance.deposed === undefined &&
        unwanted.some(
          ({ address, id }) =>
            address === instanceAddress(resource, instance.index_key) && id === instance.attributes.id,
        );
      if (isUnwanted) taken.push([resource, instance]);
      return !isUnwanted;
    });
  }
  state.resources = state.resources.filter(({ instances }) => instances.length > 0);
  return taken;
}

function next(state: StateJson): string {
  return stringifyLossless({ ...state, serial: Number(state.serial) + 1 });
}

function stampOf(state: StateJson): InstanceJson | undefined {
  return state.resources.find(
    ({ module, mode, type, name }) =>
      module === undefined && mode === 'managed' && type === 'terraform_data' && name === 'mlterra',
  )?.instances[0];
}

/** Terraform keeps the input of a `terraform_data` twice: as given, and as its output. */
function edit(
  { attributes }: InstanceJson,
  change: (stamp: Record<string, unknown>) => Record<string, unknown>,
): void {
  for (const value of [attributes.input?.value, attributes.output?.value]) {
    if (typeof value?.stamp !== 'string') continue;
    value.stamp = stringify(change(JSON.parse(value.stamp) as Record<string, unknown>))!;
  }
}

function emptyState(terraform_version: string): StateJson {
  return { version: 4, terraform_version, serial: 0, lineage: randomUUID(), outputs: {}, resources: [] };
}

function addStamp(state: StateJson): InstanceJson {
  const value = (): unknown => ({
    value: { format: 1, stamp: '{}', outputs: {} },
    type: ['object', { format: 'number', outputs: ['object', {}], stamp: 'string' }],
  });
  const instance = {
    schema_version: 0,
    attributes: { id: randomUUID(), input: value(), output: value(), triggers_replace: null },
  } as InstanceJson;
  state.resources = [
    ...state.resources.filter(
      ({ type, name, module }) => module !== undefined || type !== 'terraform_data' || name !== 'mlterra',
    ),
    { mode: 'managed', type: 'terraform_data', name: 'mlterra', provider: PROVIDER, instances: [instance] },
  ];
  return instance;
}

function union(before: unknown, now: readonly unknown[]): readonly unknown[] {
  const all = [...((before as readonly unknown[] | undefined) ?? []), ...now];
  return [...new Map(all.map((value) => [stringify(value), value])).values()];
}
