import { referenceAsString } from './errors';

/**
 * A value that Terraform fills in, or the platform: it has no text yet. JavaScript would write `[object Object]`
 * where one stands in a plain template string, so becoming a string, or JSON, is refused.
 */
export abstract class Reference {
  /** Thrown by `${…}` without the tag, `+`, `String(…)` and the like. */
  public [Symbol.toPrimitive](): never {
    throw referenceAsString(this.constructor.name);
  }

  public toString(): never {
    throw referenceAsString(this.constructor.name);
  }

  public toJSON(): never {
    throw referenceAsString(this.constructor.name);
  }
}
