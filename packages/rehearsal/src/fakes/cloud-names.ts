import { type FakeContext, hexFor, type Rule, textOf, uuidFor } from './fake-context';

export const awsAccount = '123456789012';
export const googleProjectNumber = '123456789012';

/** Words of a type, the provider first. */
export function words(context: FakeContext): string[] {
  return context.type.split('_');
}

export function camel(parts: readonly string[]): string {
  return parts.map((part, index) => (index === 0 ? part : part[0]!.toUpperCase() + part.slice(1))).join('');
}

/** Where things are when nobody says it. */
const places: Readonly<Record<string, readonly [region: string, zone: string]>> = {
  google: ['europe-west1', 'europe-west1-b'],
  aws: ['eu-central-1', 'eu-central-1a'],
  azurerm: ['westeurope', '1'],
  digitalocean: ['fra1', 'fra1'],
};

export function placed(name: string): Rule | undefined {
  if (name !== 'region' && name !== 'zone' && name !== 'location') return undefined;
  return (context) => {
    const known = places[words(context)[0]!];
    return (
      context.defaults[name] ?? (name === 'zone' ? known?.[1] : (context.defaults['region'] ?? known?.[0]))
    );
  };
}

export function place(context: FakeContext): string {
  const own = ['location', 'region', 'zone'].map((name) =>
    context.type === 'aws_region' ? undefined : textOf(context, name),
  );
  return (
    own.find((text) => text !== undefined) ??
    context.defaults['region'] ??
    places[words(context)[0]!]?.[0] ??
    'global'
  );
}

export function googleProject(context: FakeContext): string {
  const known = context.type === 'google_project' ? textOf(context, 'project_id') : undefined;
  return known ?? context.defaults['project'] ?? 'rehearsal-project';
}

export function projectOf(context: FakeContext): string {
  return textOf(context, 'project') ?? googleProject(context);
}

export function googleStorageAgent(): string {
  return `service-${googleProjectNumber}@gs-project-accounts.iam.gserviceaccount.com`;
}

export function googleId(context: FakeContext): string {
  const project = projectOf(context);
  if (context.type.endsWith('_iam_member')) {
    const bucket = textOf(context, 'bucket');
    const others = ['crypto_key_id', 'service_account_id', 'secret_id'].map((name) => textOf(context, name));
    const target = bucket === undefined ? others.find((text) => text !== undefined) : `b/${bucket}`;
    return `${target ?? project}/${textOf(context, 'role')}/${textOf(context, 'member')}`;
  }
  const scope =
    textOf(context, 'location') !== undefined
      ? `locations/${textOf(context, 'location')}`
      : textOf(context, 'zone') !== undefined
        ? `zones/${textOf(context, 'zone')}`
        : textOf(context, 'region') !== undefined
          ? `regions/${textOf(context, 'region')}`
          : 'global';
  const last = words(context)
    .slice(2)
    .filter((word) => word !== 'global');
  const collection = camel(last.length > 0 ? last : words(context).slice(1));
  const name = textOf(context, 'name') ?? hexFor(context.seed, 12);
  return name.startsWith('projects/')
    ? name
    : `projects/${project}/${scope}/${collection}${collection.endsWith('s') ? 'es' : 's'}/${name}`;
}

export function googleServiceAccount(context: FakeContext): string {
  const project = projectOf(context);
  return `${textOf(context, 'account_id') ?? 'rehearsal'}@${project}.iam.gserviceaccount.com`;
}

export function azureSubscription(context: FakeContext): string {
  return context.defaults['subscription_id'] ?? uuidFor('subscription');
}

export function awsPrefix(context: FakeContext): string {
  const short: Readonly<Record<string, string>> = {
    aws_instance: 'i',
    aws_security_group: 'sg',
    aws_internet_gateway: 'igw',
    aws_nat_gateway: 'nat',
    aws_route_table: 'rtb',
    aws_eip: 'eipalloc',
  };
  return short[context.type] ?? words(context).slice(1).join('-');
}
