import { randomUUID } from 'node:crypto';
import type { FaultLedger } from './fault-ledger';
import { differsAt } from './fault-ledger';
import type {
  ApplyRequest,
  ApplyResponse,
  ConfigRequest,
  Diagnostic,
  DynamicValue,
  ImportRequest,
  PlanRequest,
  PlanResponse,
  ReadRequest,
  UpgradeRequest,
} from '../protocol/messages';
import { error } from '../protocol/messages';
import type { ObjectValue, Value } from '../protocol/values';
import { decodeValue, digest, encodeValue, isObject, unknown } from '../protocol/values';
import type { BlockSchema, ProviderSchema, TypeSchema } from '../schema/model';
import { appliedValue, type FakeIdentity } from './applied-value';
import { markBlock, plannedValue } from './planned-value';
import type { PluginHandlers } from './plugin-server';
import type { ProviderCall } from './provider-server';
import { validateConfig } from './validate-config';
import { readPrivate, type Private } from './private';
import { settledOf } from './settled';

/** Types of which any change of the configuration makes a new one. */
const replacedOnAnyChange = /^(random|tls|null|local)_/;

/**
 * Plays one provider for one connection, which is to say for one configuration of it. Answers are a function of that
 * configuration, the request and the ledger's counts.
 */
export class FakeProvider {
  private defaults: Readonly<Record<string, string>> = {};

  constructor(
    private readonly schema: ProviderSchema,
    private readonly schemas: object,
    private readonly ledger: FaultLedger,
    private readonly report: (call: ProviderCall) => void,
  ) {}

  handlers(): PluginHandlers {
    return {
      GetProviderSchema: () => this.schemas,
      ValidateProviderConfig: (request: { readonly config: DynamicValue }) => this.validateProvider(request),
      ValidateResourceConfig: (request: ConfigRequest) => this.validateResource(request),
      ValidateDataResourceConfig: (request: ConfigRequest) => this.validateData(request),
      UpgradeResourceState: (request: UpgradeRequest) => this.upgrade(request),
      ConfigureProvider: (request: { readonly config: DynamicValue }) => this.configure(request),
      ReadResource: (request: ReadRequest) => this.read(request),
      PlanResourceChange: (request: PlanRequest) => this.plan(request),
      ApplyResourceChange: (request: ApplyRequest) => this.apply(request),
      ImportResourceState: (request: ImportRequest) => this.import(request),
      ReadDataSource: (request: ConfigRequest) => this.readData(request),
      GetFunctions: () => ({}),
      StopProvider: () => ({}),
    };
  }

  /** Remembers where things are, e.g. the project, which made-up values name. */
  configure(request: { readonly config: DynamicValue }): object {
    const config = objectOf(request.config) ?? {};
    const texts = Object.entries(config).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    this.defaults = Object.fromEntries(texts);
    return {};
  }

  validateProvider(request: { readonly config: DynamicValue }): object {
    return { diagnostics: validateConfig(this.schema.config, decodeValue(request.config)) };
  }

  validateResource(request: ConfigRequest): object {
    const { block } = this.resource(request.type_name);
    return { diagnostics: validateConfig(block, decodeValue(request.config)) };
  }

  validateData(request: ConfigRequest): object {
    const { block } = this.dataSource(request.type_name);
    return { diagnostics: validateConfig(block, decodeValue(request.config)) };
  }

  upgrade(request: UpgradeRequest): object {
    const { block } = this.resource(request.type_name);
    const text = Buffer.from(request.raw_state.json).toString();
    const state = JSON.parse(text) as Value;
    const dropped = isObject(state) ? dropUnknown(block, state) : state;
    // The original text keeps numbers that no double holds.
    const json = JSON.stringify(dropped) === JSON.stringify(state) ? text : JSON.stringify(dropped);
    return { upgraded_state: { json: Buffer.from(json) } };
  }

  read(request: ReadRequest): object {
    const state = decodeValue(request.current_state);
    if (!isObject(state)) return { new_state: request.current_state, private: request.private };
    this.report({ source: this.schema.source, kind: 'read', type: request.type_name });
    const found = this.ledger.onRead(readPrivate(request.private).instance, state);
    return { new_state: encodeValue(found), private: request.private };
  }

  plan(request: PlanRequest): PlanResponse {
    const { block } = this.resource(request.type_name);
    const proposed = decodeValue(request.proposed_new_state);
    if (!isObject(proposed)) {
      return { planned_state: request.proposed_new_state, legacy_type_system: true };
    }
    const prior = objectOf(request.prior_state);
    const config = objectOf(request.config) ?? {};
    const kept = readPrivate(request.prior_private);
    const planned = plannedValue(block, prior, proposed, config, kept.settled);
    const replaced =
      prior && !kept.imported ? this.replacedBy(request.type_name, prior, planned, config) : [];
    return {
      planned_state: encodeValue(planned),
      requires_replace: replaced.map((name) => ({ steps: [{ attribute_name: name }] })),
      planned_private: request.prior_private,
      legacy_type_system: true,
    };
  }

  apply(request: ApplyRequest): ApplyResponse {
    const type = request.type_name;
    const { block } = this.resource(type);
    const prior = objectOf(request.prior_state);
    const planned = objectOf(request.planned_state);
    if (planned === null) return this.destroy(type, prior, request);
    const config = objectOf(request.config) ?? {};
    const fault = prior === null ? this.ledger.onCreate(type) : undefined;
    this.report({ source: this.schema.source, kind: prior === null ? 'create' : 'update', type });
    if (fault === 'fail-create') {
      const detail = `A rehearsed fault: the create of this ${type} fails.`;
      return { ...failed(error('Create failed', detail)), new_state: encodeValue(null) };
    }
    const state = appliedValue(block, planned, config, this.identity(type, config, prior === null));
    const instance = (prior === null ? '' : readPrivate(request.planned_private).instance) || randomUUID();
    this.ledger.settled(instance);
    const kept: Private = { instance, settled: settledOf(block, config, state) };
    const applied: ApplyResponse = {
      new_state: encodeValue(state),
      private: Buffer.from(JSON.stringify(kept)),
      legacy_type_system: true,
    };
    if (fault !== 'time-out') return applied;
    const detail = `A rehearsed fault: this ${type} was not ready in time.`;
    return { ...applied, diagnostics: [error('Time-out while waiting for the create', detail)] };
  }

  import(request: ImportRequest): object {
    const type = request.type_name;
    const { block } = this.resource(type);
    this.report({ source: this.schema.source, kind: 'import', type });
    const absent = Object.fromEntries(
      [...Object.keys(block.attributes), ...Object.keys(block.blocks)].map((name) => [name, null]),
    );
    const marked = markBlock(block, absent, true);
    if ('id' in block.attributes) marked['id'] = request.id;
    // What was configured cannot be known yet: the plan after the import says it.
    const configured = Object.fromEntries(
      Object.entries(block.blocks).map(([name, nested]) => [
        name,
        marked[name] === unknown
          ? unknown
          : nested.nesting === 'single'
            ? null
            : nested.nesting === 'map'
              ? {}
              : [],
      ]),
    );
    const identity = { ...this.identity(type, {}, false), seed: digest([type, request.id]) };
    const state = appliedValue(block, { ...marked, ...configured }, {}, identity);
    const kept: Private = { instance: randomUUID(), settled: {}, imported: true };
    return {
      imported_resources: [
        { type_name: type, state: encodeValue(state), private: Buffer.from(JSON.stringify(kept)) },
      ],
    };
  }

  readData(request: ConfigRequest): object {
    const type = request.type_name;
    const { block } = this.dataSource(type);
    this.report({ source: this.schema.source, kind: 'data', type });
    const config = objectOf(request.config) ?? {};
    const identity = { type, seed: digest([type, config]), defaults: this.defaults };
    return { state: encodeValue(appliedValue(block, markBlock(block, config, true), config, identity)) };
  }

  private destroy(type: string, prior: ObjectValue | null, request: ApplyRequest): ApplyResponse {
    this.report({ source: this.schema.source, kind: 'delete', type });
    if (this.ledger.refusesDestroy(type)) {
      const detail = `A rehearsed fault: this ${type} is protected against deletion.`;
      return {
        ...failed(error('Destroy refused', detail)),
        new_state: request.prior_state,
        private: request.planned_private,
      };
    }
    if (prior) this.ledger.settled(readPrivate(request.planned_private).instance);
    return { new_state: encodeValue(null), legacy_type_system: true };
  }

  private replacedBy(type: string, prior: ObjectValue, planned: ObjectValue, config: ObjectValue): string[] {
    const always = replacedOnAnyChange.test(type)
      ? Object.keys(planned).filter((name) => (config[name] ?? null) !== null)
      : [];
    const paths = [...always, ...this.ledger.replacesOnChange(type)];
    const names = paths.filter((path) => differsAt(prior, planned, path)).map((path) => path.split('.')[0]!);
    return [...new Set(names)];
  }

  private identity(type: string, config: ObjectValue, isNew: boolean): FakeIdentity {
    const seed = digest([type, config]);
    const before = isNew ? this.ledger.sameBefore(seed) : 0;
    return { type, seed: before === 0 ? seed : `${seed} ${before}`, defaults: this.defaults };
  }

  private resource(type: string): TypeSchema {
    return known(this.schema.resources[type], type, this.schema);
  }

  private dataSource(type: string): TypeSchema {
    return known(this.schema.dataSources[type], type, this.schema);
  }
}

function known(schema: TypeSchema | undefined, type: string, provider: ProviderSchema): TypeSchema {
  if (schema) return schema;
  throw new Error(`The schema of ${provider.source} (${provider.origin}) has no type ${type}.`);
}

function failed(diagnostic: Diagnostic): ApplyResponse {
  return { diagnostics: [diagnostic], legacy_type_system: true };
}

function objectOf(value: DynamicValue): ObjectValue | null {
  const decoded = decodeValue(value);
  return isObject(decoded) ? decoded : null;
}

/** A state that another version of the schema wrote: what is not in this one is dropped. */
function dropUnknown(block: BlockSchema, state: ObjectValue): ObjectValue {
  const kept: ObjectValue = {};
  for (const [name, value] of Object.entries(state)) {
    if (block.attributes[name]) kept[name] = value;
    const nested = block.blocks[name];
    if (!nested) continue;
    const inner = (element: Value): Value =>
      isObject(element) ? dropUnknown(nested.block, element) : element;
    if (Array.isArray(value)) kept[name] = value.map(inner);
    else if (nested.nesting === 'map' && isObject(value)) {
      kept[name] = Object.fromEntries(Object.entries(value).map(([key, element]) => [key, inner(element)]));
    } else kept[name] = inner(value);
  }
  return kept;
}
