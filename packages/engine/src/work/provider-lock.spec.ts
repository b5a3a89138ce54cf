import { lockFor, requiredProviders } from './provider-lock';

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

describe('lockFor', () => {
  const entry = (address: string): string => `provider "${address}" {\n  version = "1.0.0"\n}`;
  const helm = 'registry.terraform.io/hashicorp/helm';
  const random = 'registry.terraform.io/hashicorp/random';
  const entries = new Map([helm, random].map((address) => [address, entry(address)]));
  const lock = { text: [...entries.values()].join('\n\n'), entries };

  it('is the part about the providers of a stack', () => {
    const config = { terraform: { required_providers: { random: { source: 'hashicorp/random' } } } };
    expect(lockFor(lock, config)).toBe(`${entry(random)}\n`);
    const both = { terraform: { required_providers: { random: {}, helm: {} } } };
    expect(lockFor(lock, both)).toBe(`${entry(helm)}\n\n${entry(random)}\n`);
  });

  it('is empty for a stack without providers, and nothing where there is no lock', () => {
    expect(lockFor(lock, {})).toBe('');
    expect(lockFor(undefined, {})).toBeUndefined();
  });
});
