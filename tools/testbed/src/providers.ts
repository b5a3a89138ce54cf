import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache, buildOnce } from './go-build';
import { moduleKey } from './module-key';

/** A Terraform provider whose real binary can be built here, with the version its module stands for. */
interface Provider {
  readonly namespace: string;
  readonly version: string;
  readonly package: string;
  /** Whether its source is here, so that it has a mirror for every content of it. @default false */
  readonly ownSource?: boolean;
}

const PROVIDERS = {
  docker: {
    namespace: 'kreuzwerker',
    version: '4.5.0',
    package: 'github.com/terraform-providers/terraform-provider-docker',
  },
  // Version 1.3.2 with the arguments of 3.0 that are used here: newer ones are no Go modules.
  helm: { namespace: 'hashicorp', version: '3.0.0+testbed', package: '.', ownSource: true },
  local: {
    namespace: 'hashicorp',
    version: '2.9.0',
    package: 'github.com/terraform-providers/terraform-provider-local',
  },
  random: {
    namespace: 'hashicorp',
    version: '3.9.0',
    package: 'github.com/terraform-providers/terraform-provider-random',
  },
  tls: {
    namespace: 'hashicorp',
    version: '4.0.4',
    package: 'github.com/hashicorp/terraform-provider-tls',
  },
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof PROVIDERS;

/** The binary of one provider in the mirror, built or not. */
export interface ProviderBinary {
  readonly name: ProviderName;
  /** Full source address. */
  readonly source: string;
  readonly version: string;
  readonly path: string;
}

/** Folder laid out as Terraform wants a `filesystem_mirror`, with one provider or all others; kept outside of the checkout. */
export function providerMirror(name?: ProviderName): string {
  const provider: Provider | undefined = name && PROVIDERS[name];
  if (name === undefined || !provider?.ownSource) return join(buildCache(), 'providers');
  return join(buildCache(), `provider-${name}-${moduleKey(moduleFolder(name))}`);
}

export function providerBinary(name: ProviderName): ProviderBinary {
  const { namespace, version } = PROVIDERS[name];
  const source = `registry.terraform.io/${namespace}/${name}`;
  const file = `terraform-provider-${name}_v${version}`;
  return { name, source, version, path: join(providerMirror(name), source, version, platform(), file) };
}

export function isBuilt(name: ProviderName): boolean {
  return existsSync(providerBinary(name).path);
}

/** Builds what is missing, one after the other: up to four minutes for docker and helm, one for the others. */
export async function buildProviders(...names: readonly ProviderName[]): Promise<readonly ProviderBinary[]> {
  const binaries = names.map((name) => providerBinary(name));
  for (const binary of binaries) {
    const program = {
      name: `terraform-provider-${binary.name}`,
      module: moduleFolder(binary.name),
      package: PROVIDERS[binary.name].package,
      ldflags: `-X main.version=${binary.version}`,
    };
    await buildOnce(program, binary.path);
  }
  return binaries;
}

function moduleFolder(name: ProviderName): string {
  return join(__dirname, '..', 'providers', name);
}

/** As Terraform names it: `linux_amd64`. */
function platform(): string {
  const processor = process.arch === 'x64' ? 'amd64' : process.arch;
  return `${process.platform === 'win32' ? 'windows' : process.platform}_${processor}`;
}
