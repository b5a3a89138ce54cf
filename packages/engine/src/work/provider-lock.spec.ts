import { requiredProviders } from './provider-lock';

describe('requiredProviders', () => {
  it('names providers as the lock does, however short their source is', () => {
    const required_providers = {
      helm: { source: 'helm' },
      random: { source: 'hashicorp/random' },
      docker: { source: 'registry.example.org/kreuzwerker/docker' },
      tls: {},
      terraform: { source: 'terraform.io/builtin/terraform' },
    };
    expect(requiredProviders({ terraform: { required_providers } })).toEqual([
      'registry.example.org/kreuzwerker/docker',
      'registry.terraform.io/hashicorp/helm',
      'registry.terraform.io/hashicorp/random',
      'registry.terraform.io/hashicorp/tls',
    ]);
  });
});
