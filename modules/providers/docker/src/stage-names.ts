import type { Stack } from '@mlterra/core';
import { nameTaken } from './errors';

/** Names in the network of a stage, with the paths of those that have them. */
export class StageNames {
  private readonly owners = new Map<string, string>();

  /** The name of a workload: its own, or where another stack was first to have that, with its stack before it. */
  public of(stack: Stack, path: string, name: string): string {
    const owner = this.owners.get(name);
    return owner === undefined || owner === path ? name : `${stack.stackKey.stack}-${name}`;
  }

  /** Takes a name for good. */
  public claim(path: string, name: string): void {
    const owner = this.owners.get(name);
    if (owner !== undefined && owner !== path) throw nameTaken(path, name, owner);
    this.owners.set(name, path);
  }
}
