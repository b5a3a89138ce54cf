import { Stack } from '@mlterra/core';
import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Makes sure that the stack of `scope` configures a provider, once: Terraform refuses two configurations of one
 * provider without aliases.
 */
export function ensureProvider(scope: Construct, type: string, make: (stack: Stack) => void): void {
  const stack = Stack.ofConstruct(scope);
  const exists = stack.node
    .findAll()
    .some((node) => TerraformProvider.isTerraformProvider(node) && node.terraformResourceType === type);
  if (!exists) make(stack);
}
