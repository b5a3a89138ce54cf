import { renderLiteral, StackOutput, valueParts, type Identity } from '@mlterra/core';
import { granteeOfOtherCloud, granteeWithoutPrincipal } from './errors';

/**
 * A grantee as a policy in its own stack names it.
 * @param path of what is granted, for messages
 */
export function granteeMember(path: string, { name, principal, scope }: Identity): string {
  if (principal === undefined) throw granteeWithoutPrincipal(path, name);
  if (principal.cloud !== 'gcp') throw granteeOfOtherCloud(path, name, principal.cloud);
  return valueParts(principal.member)
    .map((part) => {
      if (typeof part === 'string') return renderLiteral(part);
      if (part instanceof StackOutput) return part.at(scope);
      throw new TypeError(`${scope.node.path}: the member of a policy holds no secret and no mount path`);
    })
    .join('');
}
