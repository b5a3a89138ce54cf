/**
 * Something that programs connect to, as far as a platform has to let them: where network policies are strict, a
 * program reaches names, and the peers it declares, and nothing else.
 */
export type Peer = PodPeer | AddressPeer | ApiServerPeer;

/** Pods of a Kubernetes cluster. */
export interface PodPeer {
  readonly kind: 'pods';
  readonly namespace: string;
  /** Labels that exactly these pods have. */
  readonly labels: Readonly<Record<string, string>>;
  readonly port: number;
  /** Name of the Service before them, with the same port. @default - there is none */
  readonly service?: string;
}

/** Addresses outside of the platform, e.g. those of a service of the cloud. */
export interface AddressPeer {
  readonly kind: 'addresses';
  /** Ranges, e.g. `10.0.0.0/16`; `0.0.0.0/0` never includes the metadata server of the cloud. */
  readonly cidrs: readonly string[];
  readonly port: number;
}

/** The API server of the cluster that the program runs on. */
export interface ApiServerPeer {
  readonly kind: 'api-server';
}
