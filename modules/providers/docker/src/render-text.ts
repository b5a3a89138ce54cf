import { MountPath, renderLiteral, Secret, StackOutput, valueParts, type Value } from '@mlterra/core';
import type { Construct } from 'constructs';

/**
 * A value as a Terraform template, secrets in it as sensitive references. This is where literal text is escaped for
 * Terraform.
 */
export function renderText(scope: Construct, value: Value): string {
  return valueParts(value)
    .map((part) => {
      if (part instanceof Secret) return part.valueAt(scope);
      if (part instanceof MountPath) return renderLiteral(part.path);
      if (part instanceof StackOutput) return part.at(scope);
      return renderLiteral(part);
    })
    .join('');
}
