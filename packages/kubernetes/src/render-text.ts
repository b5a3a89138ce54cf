import { MountPath, renderLiteral, Secret, StackOutput, valueParts, type Value } from '@mlterra/core';
import type { Construct } from 'constructs';

/**
 * A value as a Terraform template, secrets in it as sensitive references. This is where literal text is escaped for
 * Terraform.
 * @param escape further escaping of literal text, e.g. {@link escapeExpansion}
 */
export function renderText(
  scope: Construct,
  value: Value,
  escape: (literal: string) => string = (literal) => literal,
): string {
  return valueParts(value)
    .map((part) => {
      if (part instanceof Secret) return part.valueAt(scope);
      if (part instanceof MountPath) return renderLiteral(escape(part.path));
      if (part instanceof StackOutput) return part.at(scope);
      return renderLiteral(escape(part));
    })
    .join('');
}

/**
 * Kubernetes reads `$(NAME)` in arguments and in plain variables as a variable, and `$$` as one `$`. References of
 * CDKTF stay.
 */
export function escapeExpansion(literal: string): string {
  return literal.replace(/\$(?!\{TfToken\[)/g, '$$$$');
}
