/** Messages of the plugin protocol as they go over the wire; the names are the protocol's. */

export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

export interface AttributePath {
  readonly steps: readonly (
    | { readonly attribute_name: string }
    | { readonly element_key_string: string }
    | { readonly element_key_int: number }
  )[];
}

export interface Diagnostic {
  /** 1: error, 2: warning. */
  readonly severity: 1 | 2;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}

export interface TypedRequest {
  readonly type_name: string;
}

export interface ConfigRequest extends TypedRequest {
  readonly config: DynamicValue;
}

export interface UpgradeRequest extends TypedRequest {
  readonly raw_state: { readonly json: Uint8Array };
}

export interface ReadRequest extends TypedRequest {
  readonly current_state: DynamicValue;
  readonly private: Uint8Array;
}

export interface PlanRequest extends ConfigRequest {
  readonly prior_state: DynamicValue;
  readonly proposed_new_state: DynamicValue;
  readonly prior_private: Uint8Array;
}

export interface PlanResponse {
  readonly planned_state: DynamicValue;
  readonly requires_replace?: readonly AttributePath[];
  readonly planned_private?: Uint8Array;
  readonly legacy_type_system: boolean;
}

export interface ApplyRequest extends ConfigRequest {
  readonly prior_state: DynamicValue;
  readonly planned_state: DynamicValue;
  readonly planned_private: Uint8Array;
}

export interface ApplyResponse {
  readonly new_state?: DynamicValue;
  readonly private?: Uint8Array;
  readonly diagnostics?: readonly Diagnostic[];
  readonly legacy_type_system: boolean;
}

export interface ImportRequest extends TypedRequest {
  readonly id: string;
}

export function error(summary: string, detail: string, ...path: readonly (string | number)[]): Diagnostic {
  const steps = path.map((step) =>
    typeof step === 'number' ? { element_key_int: step } : { attribute_name: step },
  );
  return { severity: 1, summary, detail, ...(steps.length > 0 ? { attribute: { steps } } : {}) };
}
