import type { Applied } from './applied';

/** A fault in what was applied, and who must see it. */
export interface Wire {
  readonly cut: string;
  /** The one tool that must be red. @default mlflow */
  readonly tool?: string;
  /** The one check that must be red. */
  readonly check: string;
  /** How it must name the fault. */
  readonly says: RegExp | string;
  readonly spoil: (applied: Applied) => void;
}

/** A fault in what a provider offers, and the capability whose contract must see it. */
export interface CapabilityWire extends Omit<Wire, 'tool'> {
  readonly capability: 'KubernetesCluster' | 'PostgresDatabase' | 'ObjectStore' | 'MachineGroup';
}
