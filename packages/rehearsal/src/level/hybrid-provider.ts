import type { Plugin } from '../plugin/plugin-client';
import type {
  ApplyRequest,
  ApplyResponse,
  DynamicValue,
  ImportRequest,
  PlanRequest,
  PlanResponse,
  ReadRequest,
} from '../protocol/messages';
import {
  containsUnknown,
  decodeValue,
  digest,
  encodeValue,
  equal,
  isObject,
  unknown,
  type ObjectValue,
  type Value,
} from '../protocol/values';
import { appliedValue } from '../provider/applied-value';
import type { PluginHandlers } from '../provider/plugin-server';
import type { BlockSchema, ProviderSchema } from '../schema/model';
import { packPrivate, unpackPrivate } from './private-data';
import { withZeros } from './zero-values';
import { proposedState } from './proposed-state';

/** How often a faked state is planned again until the provider has nothing to change about it. */
const ROUNDS = 5;

type ConfigureRequest = { readonly config: DynamicValue };
interface Answered {
  readonly diagnostics?: readonly { readonly severity: number }[];
}

/** What a hybrid needs of the real provider's processes. */
export interface RealProvider {
  readonly schema: ProviderSchema;
  /** Response to `GetProviderSchema`. */
  readonly message: object;
  /** A process that has no configuration. */
  readonly plain: Plugin;
  /** A process with this configuration, as far as it can have one offline, and what it said about it. */
  configured(config: ConfigureRequest): Promise<{ readonly plugin: Plugin; readonly response: object }>;
}

/**
 * Answers for one connection: the real provider says what is valid and what would be done, offline; another one, which
 * is played, does it and says what is there.
 */
export function hybridHandlers(real: RealProvider, played: PluginHandlers): PluginHandlers {
  return new HybridProvider(real, played).handlers();
}

class HybridProvider {
  private plugin: Plugin;

  public constructor(
    private readonly real: RealProvider,
    private readonly played: PluginHandlers,
  ) {
    this.plugin = real.plain;
  }

  public handlers(): PluginHandlers {
    const asked = (name: string) => (request: object) => this.plugin.call<object>(name, request);
    return {
      ...this.played,
      GetProviderSchema: () => this.real.message,
      ValidateProviderConfig: asked('ValidateProviderConfig'),
      ValidateResourceConfig: asked('ValidateResourceConfig'),
      ValidateDataResourceConfig: asked('ValidateDataResourceConfig'),
      UpgradeResourceState: asked('UpgradeResourceState'),
      MoveResourceState: asked('MoveResourceState'),
      ConfigureProvider: (request: ConfigureRequest) => this.configure(request),
      ReadResource: (request: ReadRequest) => this.read(request),
      PlanResourceChange: (request: PlanRequest) => this.plan(request),
      ApplyResourceChange: (request: ApplyRequest) => this.apply(request),
      ImportResourceState: (request: ImportRequest) => this.import(request),
    };
  }

  private async configure(request: ConfigureRequest): Promise<object> {
    await this.play('ConfigureProvider', request);
    const { plugin, response } = await this.real.configured(request);
    this.plugin = plugin;
    return response;
  }

  private async read(request: ReadRequest): Promise<object> {
    const kept = unpackPrivate(request.private);
    const response = await this.play('ReadResource', { ...request, private: kept.fake });
    return { ...response, private: request.private };
  }

  private async import(request: ImportRequest): Promise<object> {
    const response = (await this.play('ImportResourceState', request)) as {
      readonly imported_resources?: readonly { readonly private: Uint8Array }[];
    };
    return {
      ...response,
      imported_resources: response.imported_resources?.map((resource) => ({
        ...resource,
        private: packPrivate({ fake: resource.private, real: Buffer.alloc(0) }),
      })),
    };
  }

  private async plan(request: PlanRequest): Promise<object> {
    const kept = unpackPrivate(request.prior_private);
    // What was imported is made up, and not what the configuration says: the provider would replace it.
    if (wasImported(kept.fake)) {
      const response = await this.play('PlanResourceChange', { ...request, prior_private: kept.fake });
      return { ...response, planned_private: packPrivate(kept) };
    }
    const response = await this.planned(request, kept.real);
    return {
      ...response,
      planned_private: packPrivate({ fake: kept.fake, real: response.planned_private ?? Buffer.alloc(0) }),
    };
  }

  private async apply(request: ApplyRequest): Promise<object> {
    const kept = unpackPrivate(request.planned_private);
    const response = (await this.play('ApplyResourceChange', {
      ...request,
      planned_private: kept.fake,
    })) as ApplyResponse;
    const state = decodeValue(response.new_state);
    const settled = isObject(state) ? await this.settled(request, state, kept.real) : state;
    return {
      ...response,
      new_state: encodeValue(settled),
      private: packPrivate({ fake: response.private ?? Buffer.alloc(0), real: kept.real }),
    };
  }

  /** The made-up state, with whatever the provider wants otherwise as the provider wants it. */
  private async settled(request: ApplyRequest, made: ObjectValue, real: Uint8Array): Promise<ObjectValue> {
    const block = this.blockOf(request.type_name);
    const config = decodeValue(request.config);
    if (block === undefined || !isObject(config)) return made;
    let state = made;
    for (let round = 0; round < ROUNDS; round += 1) {
      const response = await this.planned(
        {
          ...request,
          prior_state: encodeValue(state),
          proposed_new_state: encodeValue(proposedState(block, state, config)),
          prior_private: Buffer.alloc(0),
        },
        real,
      );
      const planned = decodeValue(response.planned_state);
      if (failed(response) || !isObject(planned)) return state;
      const filled = filledFrom(planned, state) as ObjectValue;
      const whole = containsUnknown(filled) ? this.madeUp(request.type_name, block, filled, config) : filled;
      const next = response.legacy_type_system ? withZeros(block, whole) : whole;
      if (equal(next, state)) return state;
      state = next;
    }
    return state;
  }

  private madeUp(type: string, block: BlockSchema, planned: ObjectValue, config: ObjectValue): ObjectValue {
    return appliedValue(block, planned, config, { type, seed: digest([type, config]), defaults: {} });
  }

  private planned(request: PlanRequest, real: Uint8Array): Promise<PlanResponse & Answered> {
    return this.plugin.call('PlanResourceChange', { ...request, prior_private: real });
  }

  private async play(name: string, request: object): Promise<object> {
    return (await this.played[name]?.(request as never)) ?? {};
  }

  private blockOf(type: string): BlockSchema | undefined {
    return this.real.schema.resources[type]?.block;
  }
}

function failed(response: Answered): boolean {
  return response.diagnostics?.some(({ severity }) => severity === 1) ?? false;
}

function wasImported(fake: Uint8Array): boolean {
  if (fake.length === 0) return false;
  return (JSON.parse(Buffer.from(fake).toString()) as { readonly imported?: boolean }).imported === true;
}

/** A value with what is unknown in it taken from another. */
function filledFrom(value: Value, other: Value | undefined): Value {
  if (value === unknown) return other ?? unknown;
  if (Array.isArray(value)) {
    const others = Array.isArray(other) ? other : [];
    return value.map((each, index) => filledFrom(each, others[index]));
  }
  if (!isObject(value)) return value;
  const others = isObject(other) ? other : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, filledFrom(each, others[name])]),
  );
}
