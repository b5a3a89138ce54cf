import { TerraformDataSource, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { missingProviders } from './missing-providers';
import type { Stack } from './stack';
import { Data } from './testing/resources';
import { build, demo } from './testing/synth';

function config(type: string, providerName?: string) {
  return {
    terraformResourceType: type,
    ...(providerName === undefined ? {} : { terraformGeneratorMetadata: { providerName } }),
  };
}

class Provider extends TerraformProvider {
  public constructor(scope: Construct, providerName?: string) {
    super(scope, `provider-${providerName ?? 'unnamed'}`, config(providerName ?? 'unnamed', providerName));
  }
}

/** What is missing in a stack, as plain lists. */
function missingIn(fill: (stack: Stack) => void): Record<string, readonly string[]> {
  let missing: ReadonlyMap<string, readonly string[]> = new Map();
  build(
    demo((stack) => {
      const main = stack('main');
      fill(main);
      missing = missingProviders(main);
    }),
  );
  return Object.fromEntries(missing);
}

describe('missingProviders', () => {
  it('lists resources and data sources, however deep, by the provider they lack', () => {
    expect(
      missingIn((stack) => {
        new TerraformResource(stack, 'network', config('google_network', 'google'));
        const inner = new Construct(new Construct(stack, 'a'), 'b');
        new TerraformDataSource(inner, 'image', config('google_image', 'google'));
        new TerraformResource(inner, 'server', config('hcloud_server', 'hcloud'));
      }),
    ).toEqual({
      google: ['dev-main/network', 'dev-main/a/b/image'],
      hcloud: ['dev-main/a/b/server'],
    });
  });

  it('leaves out what a provider of the stack serves, wherever the provider stands', () => {
    expect(
      missingIn((stack) => {
        new TerraformResource(stack, 'network', config('google_network', 'google'));
        new TerraformResource(stack, 'server', config('hcloud_server', 'hcloud'));
        new Provider(new Construct(stack, 'inner'), 'google');
        new Provider(stack);
      }),
    ).toEqual({ hcloud: ['dev-main/server'] });
  });

  it('does not count what Terraform itself serves, or what names no provider', () => {
    expect(
      missingIn((stack) => {
        new Data(stack, 'data', 'x');
        new TerraformResource(stack, 'built-in', config('terraform_data', 'terraform'));
        new TerraformDataSource(stack, 'state', config('terraform_remote_state', 'terraform'));
        new Construct(stack, 'plain');
      }),
    ).toEqual({});
  });
});
