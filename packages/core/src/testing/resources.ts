import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** Terraform's built-in resource, with any input. */
export class Data extends TerraformResource {
  public constructor(scope: Construct, id: string, input: unknown) {
    super(scope, id, { terraformResourceType: 'terraform_data' });
    this.addOverride('input', input);
  }

  public get output(): string {
    return this.getStringAttribute('output');
  }
}
