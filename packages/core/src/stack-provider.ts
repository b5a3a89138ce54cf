import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import { Stack } from './stack';

/**
 * The provider of a type in the stack of `scope`, made when the first construct wants it: Terraform refuses two
 * configurations of one provider without aliases.
 */
export function stackProvider(
  scope: Construct,
  type: string,
  make: (stack: Stack) => TerraformProvider,
): TerraformProvider {
  const stack = Stack.ofConstruct(scope);
  const existing = stack.node
    .findAll()
    .find(
      (node): node is TerraformProvider =>
        TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === type,
    );
  return existing ?? make(stack);
}
