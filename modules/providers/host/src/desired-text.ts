import { MountPath, renderLiteral, Secret, StackOutput, valueParts, type Value } from '@mlterra/core';
import type { Construct } from 'constructs';
import { HostFolder } from './host-folder';
import type { DesiredPart, DesiredText } from './spec';

/** A value as the reconciler gets it; this is where literal text is escaped for Terraform. */
export function desiredText(scope: Construct, value: Value): DesiredText {
  return valueParts(value).map((part): DesiredPart => {
    if (part instanceof Secret) return { secret: part.referenceAt(scope) };
    if (part instanceof HostFolder) return { folder: part.referenceAt(scope) };
    if (part instanceof MountPath) return { mount: renderLiteral(part.path) };
    if (part instanceof StackOutput) return part.at(scope);
    return renderLiteral(part);
  });
}
