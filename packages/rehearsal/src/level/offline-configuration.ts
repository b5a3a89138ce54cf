import type { ObjectValue } from '../protocol/values';

/**
 * How a real provider is configured for planning without a network: its configuration with these values over it.
 * Providers that are not listed get none, because many look for their server as soon as they are configured.
 */
const OFFLINE: Readonly<Record<string, ObjectValue>> = {
  'registry.terraform.io/hashicorp/google': { access_token: 'rehearsal', credentials: null },
  'registry.terraform.io/hashicorp/google-beta': { access_token: 'rehearsal', credentials: null },
  'registry.terraform.io/hashicorp/local': {},
  'registry.terraform.io/hashicorp/random': {},
  'registry.terraform.io/hashicorp/tls': {},
};

/** The configuration to plan with; undefined where the provider plans without any. */
export function offlineConfiguration(source: string, config: ObjectValue): ObjectValue | undefined {
  const over = OFFLINE[source];
  return over === undefined ? undefined : { ...config, ...over };
}
