/** What a cluster is made of. Kept by the environment, to see when something else is wanted. */
export interface KindSettings {
  /** kind's configuration, without the name. */
  readonly config: unknown;
  /** Port of this machine on which a registry listens; 0 for none. */
  readonly registryPort: number;
}
