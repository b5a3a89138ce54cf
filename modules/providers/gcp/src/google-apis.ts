import type { Peer } from '@mlterra/core';

/**
 * The APIs of Google Cloud, which answer at public addresses, and the metadata server, which tells pods who they are
 * (on GKE it answers at this address for pods with an identity of their own).
 */
export const GOOGLE_APIS: readonly Peer[] = [
  { kind: 'addresses', cidrs: ['0.0.0.0/0'], port: 443 },
  { kind: 'addresses', cidrs: ['169.254.169.254/32'], port: 80 },
  { kind: 'addresses', cidrs: ['169.254.169.252/32'], port: 988 },
];
