import type { Profile } from '@mlterra/core';
import type { ComposeValues } from './compose-values';
import type { PortBinding } from './port-binding';

export interface ServiceContext {
  /** Name of the service. */
  readonly name: string;
  /** Name of the workload or task. */
  readonly project: string;
  /** What names of its volumes begin with. */
  readonly volumePrefix: string;
  readonly values: ComposeValues;
  readonly profile: Profile;
  /** Rendered. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isTask: boolean;
  readonly published: Readonly<Record<string, readonly PortBinding[]>>;
  /** Services that have to end well first. */
  readonly waitFor: readonly string[];
}
