import { TerraformDataSource, TerraformProvider, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Paths of the resources and data sources below `stack` that no provider construct of it serves, by provider. */
export function missingProviders(stack: IConstruct): ReadonlyMap<string, readonly string[]> {
  const missing = new Map<string, string[]>();
  const constructs = stack.node.findAll();
  for (const construct of constructs) {
    if (
      !TerraformResource.isTerraformResource(construct) &&
      !TerraformDataSource.isTerraformDataSource(construct)
    ) {
      continue;
    }
    const provider = construct.terraformGeneratorMetadata?.providerName;
    // Terraform itself serves `terraform_data` and `terraform_remote_state`.
    if (provider === undefined || provider === 'terraform') continue;
    missing.set(provider, [...(missing.get(provider) ?? []), construct.node.path]);
  }
  for (const construct of constructs) {
    if (!TerraformProvider.isTerraformProvider(construct)) continue;
    const provider = construct.terraformGeneratorMetadata?.providerName;
    if (provider !== undefined) missing.delete(provider);
  }
  return missing;
}
