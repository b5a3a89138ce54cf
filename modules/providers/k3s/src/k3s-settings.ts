/** What a cluster is made of. Kept by the environment, to see when something else is wanted. */
export interface K3sSettings {
  /** Version of k3s; empty for the newest of the stable channel. */
  readonly version: string;
  /** Arguments of `k3s server`. */
  readonly args: readonly string[];
  /** Port of this machine on which a registry listens without TLS; 0 for none. */
  readonly registryPort: number;
}
