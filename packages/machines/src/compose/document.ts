/**
 * A Compose file, in what the Compose specification and docker-compose 1.29 both understand. Strings are written by a
 * `ValueResolver`, so they may be Terraform templates.
 */
export interface ComposeDocument {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes?: Readonly<Record<string, ComposeVolume>>;
}

export interface ComposeService {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user: string;
  readonly read_only: true;
  readonly tmpfs?: readonly string[];
  readonly cap_drop: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt: readonly string[];
  readonly init?: true;
  readonly mem_limit: string;
  readonly cpu_shares?: number;
  readonly pids_limit: number;
  readonly volumes?: readonly ComposeMount[];
  readonly ports?: readonly string[];
  readonly network_mode?: 'none';
  readonly healthcheck?: ComposeHealthcheck;
  readonly depends_on?: Readonly<Record<string, { readonly condition: ComposeCondition }>>;
  readonly restart: 'unless-stopped' | 'no';
  readonly stop_grace_period?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly logging: ComposeLogging;
}

export type ComposeCondition = 'service_started' | 'service_completed_successfully';

export interface ComposeMount {
  readonly type: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly read_only?: true;
  readonly volume?: { readonly nocopy: true };
}

export interface ComposeHealthcheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

export interface ComposeLogging {
  readonly driver: 'json-file';
  readonly options: { readonly 'max-size': string; readonly 'max-file': string };
}

export interface ComposeVolume {
  readonly driver_opts?: Readonly<Record<'type' | 'o' | 'device', string>>;
  readonly labels: Readonly<Record<string, string>>;
}
