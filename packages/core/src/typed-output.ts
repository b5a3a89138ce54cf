import type { Construct } from 'constructs';
import { Reference } from './reference';

/**
 * An output in the type that its consumer needs: a leaf of a tree (values of a chart, a Kubernetes object), or by
 * `at(scope)` an argument of a construct. Made by `output.number`, `output.boolean`, `output.list` and `output.object`.
 */
export class TypedOutput<out T> extends Reference {
  public constructor(private readonly read: (scope: Construct) => T) {
    super();
  }

  /** The value as seen from `scope`: as it is inside the own stack, from remote state elsewhere. */
  public at(scope: Construct): T {
    return this.read(scope);
  }
}
