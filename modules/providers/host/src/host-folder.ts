import { MountPath, type StackOutput } from '@mlterra/core';
import type { Construct } from 'constructs';

/** The absolute path of a folder in the data folder, which only the machine knows. */
export class HostFolder extends MountPath {
  public constructor(private readonly reference: StackOutput) {
    super(`/${reference.name}`);
  }

  /** The path relative to the data folder, as seen from `scope`. */
  public referenceAt(scope: Construct): string {
    return this.reference.at(scope);
  }
}
