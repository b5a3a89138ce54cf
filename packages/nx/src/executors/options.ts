/** Options of the executors; which of them an executor takes is in its schema. */
export interface EnvironmentOptions {
  readonly stage?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly all?: boolean;
  readonly destroyRemoved?: boolean;
  readonly yes?: boolean;
  readonly purge?: boolean;
  readonly explain?: boolean;
  readonly markdown?: boolean;
  readonly parallelism?: number;
  /** In seconds. */
  readonly lockTimeout?: number;
  readonly engine?: string;
}

/** Options of the executor `rehearse`. */
export interface RehearseOptions extends Pick<
  EnvironmentOptions,
  'stage' | 'json' | 'verbose' | 'parallelism' | 'engine'
> {
  readonly level?: readonly string[];
  readonly fault?: readonly string[];
  readonly allowReal?: boolean;
  readonly junit?: string;
  readonly keep?: boolean;
}
