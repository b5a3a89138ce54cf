import { MountPath, Secret, StackOutput, valueParts, type Value } from '@mlterra/core';
import type { ComposeFile } from './compose-file';
import type { ValueResolver } from './value-resolver';

/**
 * Writes the values of one project. Secrets in the document are variables, `${NAME}`, which Compose reads from its
 * environment: the document itself holds none.
 */
export class ComposeValues {
  private readonly variables = new Map<string, Secret>();

  public constructor(private readonly resolver: ValueResolver) {}

  /** Secrets by the names that the document uses. */
  public get secrets(): Record<string, string> {
    return Object.fromEntries(
      [...this.variables].map(([name, secret]) => [name, this.resolver.secret(secret)]),
    );
  }

  /**
   * A text of the document.
   * @param variable name for a secret in it, should it have none yet
   */
  public inDocument(value: Value, variable = 'SECRET'): string {
    const { resolver } = this;
    return valueParts(value)
      .map((part) => {
        if (part instanceof Secret) return resolver.literal(`\${${this.variableOf(part, variable)}}`);
        if (part instanceof MountPath) return resolver.literal(escapeDollars(part.path));
        if (part instanceof StackOutput) return resolver.doubleDollars(resolver.output(part));
        return resolver.literal(escapeDollars(part));
      })
      .join('');
  }

  /** The content of a file. */
  public inFile(value: Value): string {
    const { resolver } = this;
    return valueParts(value)
      .map((part) => {
        if (part instanceof Secret) return resolver.secret(part);
        if (part instanceof MountPath) return resolver.literal(part.path);
        if (part instanceof StackOutput) return resolver.output(part);
        return resolver.literal(part);
      })
      .join('');
  }

  public digest(files: readonly ComposeFile[]): string {
    return this.resolver.digest(files);
  }

  private variableOf(secret: Secret, wanted: string): string {
    for (const [name, known] of this.variables) if (known === secret) return name;
    let name = wanted;
    for (let count = 2; this.variables.has(name); count++) name = `${wanted}_${count}`;
    this.variables.set(name, secret);
    return name;
  }
}

/** Compose reads `$` as the beginning of a variable. References of CDKTF stay. */
function escapeDollars(literal: string): string {
  return literal.replace(/\$(?!\{TfToken\[)/g, '$$$$');
}
