import type { DriftFault, Fault } from '../faults';
import type { Hybrid } from '../level/hybrid';
import type { ProviderSchema } from '../schema/model';

/** Providers that serve Terraform from this process. */
export interface ProviderServers {
  /** Value for the variable `TF_REATTACH_PROVIDERS` of every Terraform that is to use them. */
  readonly reattach: string;
  /** What was asked of the providers, for tests and counts. */
  readonly calls: readonly ProviderCall[];
  /**
   * Says which resource a drift is of, by what Terraform keeps beside it in its state (`private`): Terraform tells
   * providers no addresses. The second read after this sees the drift.
   */
  locate(fault: DriftFault, kept: Uint8Array): void;
  /** Stops serving and removes the sockets. */
  stop(): Promise<void>;
}

export interface ProviderCall {
  readonly source: string;
  readonly kind: 'create' | 'update' | 'delete' | 'read' | 'import' | 'data';
  readonly type: string;
}

export interface ServeOptions {
  /** Absolute path of a short-named folder for the sockets. */
  readonly socketDir: string;
  /** @default - nothing goes wrong */
  readonly faults?: readonly Fault[];
  /** Real providers that validate and plan instead of the played ones, by source address. @default - none */
  readonly hybrids?: ReadonlyMap<string, Hybrid>;
}

/** Starts one server per provider, all in this process. */
export type ServeProviders = (
  providers: readonly ProviderSchema[],
  options: ServeOptions,
) => Promise<ProviderServers>;
