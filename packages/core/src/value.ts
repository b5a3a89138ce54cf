import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { secretWithoutValue } from './errors';
import type { StackOutput } from './outputs';
import { Reference } from './reference';

/**
 * A secret, by reference: Terraform and everything synthesised hold where it is kept, never what it is.
 * The reference is in the terms of the platform that keeps it (a path, a Secret and key, an ARN).
 */
export class Secret extends Reference {
  /**
   * @param reference where it is kept
   * @param value the secret itself, an output marked sensitive, where Terraform made it; it may go into a
   *   sensitive argument of another resource and nowhere else
   */
  public constructor(
    private readonly reference: StackOutput,
    private readonly value?: StackOutput,
  ) {
    super();
  }

  /** The reference as seen from `scope`. */
  public referenceAt(scope: Construct): string {
    return this.reference.at(scope);
  }

  /** The secret itself as seen from `scope`, marked sensitive. Only for arguments that Terraform keeps masked. */
  public valueAt(scope: Construct): string {
    if (this.value === undefined) throw secretWithoutValue(scope.node.path);
    return Fn.sensitive(this.value.at(scope)) as string;
  }
}

/**
 * A key of a Secret that is on a Kubernetes cluster, put there by others than Terraform, which never sees what is in it.
 * Only workloads in the namespace of the Secret can use it, in variables.
 */
export class ClusterSecretKey extends Secret {
  /**
   * @param reference `<namespace>/<Secret>/<key>`
   * @param secret the Secret
   * @param key in it
   * @param version says which content is meant, where that is known: another one makes new pods
   */
  public constructor(
    reference: StackOutput,
    public readonly secret: { readonly namespace: string; readonly name: string },
    public readonly key: string,
    public readonly version?: string,
  ) {
    super(reference);
  }
}

/** Where a file or volume of the workload is mounted, on whatever path the platform puts it. */
export class MountPath extends Reference {
  /** @param path absolute path inside the container, a key of `files` or `volumes` of the same container */
  public constructor(public readonly path: string) {
    super();
  }
}

/** A text with secrets, outputs and mount paths in it. Made by the tag {@link text}. */
export class Text extends Reference {
  public constructor(public readonly parts: readonly (string | Secret | MountPath | StackOutput)[]) {
    super();
  }
}

/** What a variable, an argument or a file of a workload may hold. Plain strings are literal, references in them are kept. */
export type Value = string | Secret | MountPath | StackOutput | Text;

/**
 * Builds a {@link Text}: `` text`postgresql://${user}:${password}@${host}/mlflow` ``.
 */
export function text(strings: TemplateStringsArray, ...values: readonly (Value | number)[]): Text {
  const parts: (string | Secret | MountPath | StackOutput)[] = [];
  strings.forEach((literal, index) => {
    if (literal !== '') parts.push(literal);
    if (index >= values.length) return;
    const value = values[index]!;
    if (value instanceof Text) parts.push(...value.parts);
    else parts.push(typeof value === 'number' ? String(value) : value);
  });
  return new Text(parts);
}

/** Whether a value has a secret in it. */
export function holdsSecret(value: Value): boolean {
  return valueParts(value).some((part) => part instanceof Secret);
}

/** The parts of a value. */
export function valueParts(value: Value): Text['parts'] {
  return value instanceof Text ? value.parts : [value];
}
