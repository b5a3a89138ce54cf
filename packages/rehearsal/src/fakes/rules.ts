import type { ObjectValue, Value } from '../protocol/values';
import { isObject } from '../protocol/values';
import {
  awsAccount,
  awsPrefix,
  azureSubscription,
  camel,
  googleId,
  googleProject,
  googleProjectNumber,
  googleServiceAccount,
  googleStorageAgent,
  place,
  placed,
  projectOf,
  words,
} from './cloud-names';
import type { FakeContext, Rule } from './fake-context';
import { base64, bytesFor, digitsFor, hexFor, numberOf, pemFor, textOf, uuidFor } from './fake-context';
import { characterClasses, petName, randomBytes, randomInteger, randomText, shuffled } from './random-values';

/** Attributes that repeat another one, with what the provider adds. */
export const echoes: Readonly<Record<string, string>> = {
  effective_annotations: 'annotations',
  effective_labels: 'labels',
  tags_all: 'tags',
  terraform_labels: 'labels',
};

/** In two words, so that no search for secrets takes this file for a key. */
const privateKey = ['PRIVATE', 'KEY'].join(' ');

/** Rules of single types: what stacks compute with. */
const ofTypes: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  random_password: {
    ...characterClasses,
    result: randomText,
    bcrypt_hash: (at) => `$2a$10$${hexFor(at.seed, 53)}`,
    id: () => 'none',
  },
  random_string: { ...characterClasses, result: randomText, id: (at) => at.get('result') },
  random_id: {
    hex: (at) => randomBytes(at).toString('hex'),
    b64_url: (at) => randomBytes(at).toString('base64url'),
    b64_std: (at) => randomBytes(at).toString('base64'),
    dec: (at) => BigInt(`0x${randomBytes(at).toString('hex')}`).toString(),
    id: (at) => randomBytes(at).toString('base64url'),
  },
  random_bytes: {
    hex: (at) => bytesFor(at.seed, numberOf(at, 'length') ?? 8).toString('hex'),
    base64: (at) => bytesFor(at.seed, numberOf(at, 'length') ?? 8).toString('base64'),
  },
  random_uuid: { result: (at) => uuidFor(at.seed), id: (at) => uuidFor(at.seed) },
  random_pet: { id: petName, length: () => 2, separator: () => '-' },
  random_integer: { result: randomInteger, id: (at) => String(randomInteger(at)) },
  random_shuffle: { result: shuffled },
  tls_private_key: {
    rsa_bits: () => 2048,
    ecdsa_curve: () => 'P224',
    private_key_pem: (at) => pemFor(at.seed, keyLabel(at)),
    private_key_pem_pkcs8: (at) => pemFor(at.seed, privateKey),
    private_key_openssh: (at) => pemFor(at.seed, `OPENSSH ${privateKey}`),
    public_key_pem: (at) => pemFor(at.seed, 'PUBLIC KEY'),
    public_key_openssh: (at) => `ssh-${keyName(at)} ${bytesFor(at.seed, 279).toString('base64')}\n`,
    public_key_fingerprint_sha256: (at) => `SHA256:${bytesFor(at.seed, 32).toString('base64').slice(0, 43)}`,
  },
  tls_self_signed_cert: { cert_pem: (at) => pemFor(at.seed, 'CERTIFICATE') },
  tls_locally_signed_cert: { cert_pem: (at) => pemFor(at.seed, 'CERTIFICATE') },
  tls_cert_request: { cert_request_pem: (at) => pemFor(at.seed, 'CERTIFICATE REQUEST') },
  time_static: timeParts(),
  time_offset: timeParts(),
  time_rotating: timeParts(),
  google_storage_bucket: {
    id: (at) => textOf(at, 'name'),
    url: (at) => `gs://${textOf(at, 'name')}`,
    self_link: (at) => `https://www.googleapis.com/storage/v1/b/${textOf(at, 'name')}`,
  },
  google_sql_database_instance: {
    id: (at) => textOf(at, 'name'),
    connection_name: (at) => `${projectOf(at)}:${place(at)}:${textOf(at, 'name')}`,
    self_link: (at) =>
      `https://sqladmin.googleapis.com/sql/v1beta4/projects/${projectOf(at)}/instances/${textOf(at, 'name')}`,
  },
  google_service_account: {
    email: googleServiceAccount,
    member: (at) => `serviceAccount:${googleServiceAccount(at)}`,
    id: (at) => `projects/${projectOf(at)}/serviceAccounts/${googleServiceAccount(at)}`,
    name: (at) => `projects/${projectOf(at)}/serviceAccounts/${googleServiceAccount(at)}`,
  },
  google_container_cluster: {
    id: (at) => `projects/${projectOf(at)}/locations/${place(at)}/clusters/${textOf(at, 'name')}`,
    endpoint: (at) => address(at.seed),
  },
  google_container_node_pool: {
    id: (at) =>
      `projects/${projectOf(at)}/locations/${place(at)}/clusters/${textOf(at, 'cluster')}/nodePools/${textOf(at, 'name')}`,
  },
  google_sql_database: {
    id: (at) =>
      `projects/${projectOf(at)}/instances/${textOf(at, 'instance')}/databases/${textOf(at, 'name')}`,
  },
  google_sql_user: { id: (at) => `${textOf(at, 'name')}//${textOf(at, 'instance')}` },
  google_secret_manager_secret: {
    id: (at) => `projects/${projectOf(at)}/secrets/${textOf(at, 'secret_id')}`,
    name: (at) => `projects/${projectOf(at)}/secrets/${textOf(at, 'secret_id')}`,
  },
  google_project_service: { id: (at) => `${projectOf(at)}/${textOf(at, 'service')}` },
  google_storage_project_service_account: {
    email_address: googleStorageAgent,
    member: () => `serviceAccount:${googleStorageAgent()}`,
    id: googleStorageAgent,
  },
  google_project: {
    number: () => googleProjectNumber,
    id: (at) => `projects/${textOf(at, 'project_id')}`,
  },
  google_client_config: { access_token: (at) => `ya29.${hexFor(at.seed, 40)}` },
  google_kms_crypto_key: { id: (at) => `${textOf(at, 'key_ring')}/cryptoKeys/${textOf(at, 'name')}` },
  google_secret_manager_secret_version: {
    id: (at) => `${textOf(at, 'secret')}/versions/1`,
    name: (at) => `${textOf(at, 'secret')}/versions/1`,
    version: () => '1',
  },
  aws_s3_bucket: {
    id: (at) => textOf(at, 'bucket'),
    arn: (at) => `arn:aws:s3:::${textOf(at, 'bucket')}`,
    bucket_domain_name: (at) => `${textOf(at, 'bucket')}.s3.amazonaws.com`,
    bucket_regional_domain_name: (at) => `${textOf(at, 'bucket')}.s3.${place(at)}.amazonaws.com`,
  },
  aws_iam_role: {
    id: (at) => textOf(at, 'name'),
    arn: (at) => `arn:aws:iam::${awsAccount}:role/${textOf(at, 'name')}`,
  },
  aws_caller_identity: { id: () => awsAccount, user_id: (at) => `AIDA${hexFor(at.seed, 16).toUpperCase()}` },
  aws_region: { id: (at) => place(at), name: (at) => place(at) },
  aws_partition: { partition: () => 'aws', dns_suffix: () => 'amazonaws.com' },
  aws_iam_policy_document: { json: () => '{"Version":"2012-10-17","Statement":[]}' },
  azurerm_resource_group: {
    id: (at) => `/subscriptions/${azureSubscription(at)}/resourceGroups/${textOf(at, 'name')}`,
  },
  azurerm_client_config: { subscription_id: azureSubscription },
  helm_template: { manifest: () => '' },
  local_file: { id: (at) => hexFor(textOf(at, 'content') ?? at.seed, 40) },
};

/** Rules of all types of one provider, by the first word of the type. */
const ofProviders: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  google: {
    id: googleId,
    self_link: (at) => `https://www.googleapis.com/compute/v1/${textOf(at, 'id')}`,
    project: googleProject,
    project_id: googleProject,
    project_number: () => googleProjectNumber,
    etag: (at) => bytesFor(at.seed, 6).toString('base64'),
    unique_id: (at) => digitsFor(at.seed, 21),
  },
  aws: {
    id: (at) => textOf(at, 'name') ?? `${awsPrefix(at)}-0${hexFor(at.seed, 16)}`,
    arn: (at) =>
      `arn:aws:${words(at)[1] ?? 'iam'}:${place(at)}:${awsAccount}:${words(at).slice(2).join('-') || 'resource'}/${textOf(at, 'id') ?? hexFor(at.seed, 17)}`,
    account_id: () => awsAccount,
    owner_id: () => awsAccount,
    region: place,
    availability_zone: (at) => `${place(at)}a`,
  },
  azurerm: {
    id: (at) =>
      `/subscriptions/${azureSubscription(at)}/resourceGroups/${textOf(at, 'resource_group_name') ?? 'rehearsal'}` +
      `/providers/Microsoft.Rehearsal/${camel(words(at).slice(1))}/${textOf(at, 'name') ?? hexFor(at.seed, 8)}`,
    tenant_id: () => uuidFor('tenant'),
    client_id: (at) => uuidFor(`client ${at.seed}`),
    principal_id: (at) => uuidFor(`principal ${at.seed}`),
    object_id: (at) => uuidFor(`object ${at.seed}`),
  },
  digitalocean: {
    id: (at) => (at.type === 'digitalocean_droplet' ? digitsFor(at.seed, 9) : uuidFor(at.seed)),
    urn: (at) => `do:${words(at).slice(1).join('')}:${textOf(at, 'id')}`,
  },
  kubernetes: {
    id: (at) => {
      const metadata = at.get('metadata');
      const first = Array.isArray(metadata) ? metadata[0] : undefined;
      if (!isObject(first) || typeof first['name'] !== 'string') return undefined;
      return typeof first['namespace'] === 'string'
        ? `${first['namespace']}/${first['name']}`
        : first['name'];
    },
  },
  helm: { id: (at) => textOf(at, 'name'), status: () => 'deployed' },
  docker: { id: (at) => hexFor(at.seed, 64) },
};

/** Rules by the end of the whole path, with its names parted by dots. */
const ofPaths: readonly (readonly [RegExp, (seed: string) => string])[] = [
  [/certificate_authority\.data$/, (seed) => base64(pemFor(seed, 'CERTIFICATE'))],
  [/private_cluster_config(\.\d+)?\.(private|public)_endpoint$/, address],
  [/dns_endpoint_config(\.\d+)?\.endpoint$/, (seed) => `gke-${hexFor(seed, 24)}.rehearsal.invalid`],
];

const time = '2024-01-01T00:00:00Z';

/** Rules by the name of an attribute, at any depth; the first that fits. */
const ofNames: readonly (readonly [RegExp, (seed: string, leaf: string) => string])[] = [
  [/(^|_)arn$/, (seed) => `arn:aws:iam::${awsAccount}:role/${hexFor(seed, 12)}`],
  [/kube(_admin)?_?config.*raw|^raw_config$|^kubeconfig$/, kubeconfig],
  [
    /^(cluster_ca_certificate|client_certificate|ca_certificate_data)$/,
    (seed) => base64(pemFor(seed, 'CERTIFICATE')),
  ],
  [/^client_key$/, (seed) => base64(pemFor(seed, privateKey))],
  [/^(ca_)?cert(ificate)?(_pem|_body|_chain)?$|_cert(ificate)?$/, (seed) => pemFor(seed, 'CERTIFICATE')],
  [/(_at|_time|_date|timestamp|_on|_since)$|^time_(created|updated)$|^(created|updated)$/, () => time],
  [/email/, (seed) => `${hexFor(seed, 8)}@rehearsal.invalid`],
  [/ipv6.*(cidr|range|block|prefix)/, (seed) => `fd00:${hexFor(seed, 4)}:${hexFor(`2${seed}`, 4)}::/64`],
  [
    /cidr|ip_range|address_prefix|address_space|prefix_range|(source|destination)_range/,
    (seed) => `10.${byte(seed)}.0.0/16`,
  ],
  [/ipv6/, (seed) => `fd00:${hexFor(seed, 4)}::${hexFor(`2${seed}`, 4)}`],
  [/mac_address/, (seed) => `02:${hexFor(seed, 10).replace(/..(?=.)/g, '$&:')}`],
  [/(^|_)(ip|ipv4|address)(_address)?(_v4|_private)?$/, address],
  [
    /url|uri|endpoint|_link$|^link$|webhook/,
    (seed, leaf) => `https://${leaf.replaceAll('_', '-')}-${hexFor(seed, 8)}.rehearsal.invalid`,
  ],
  [
    /fqdn|hostname|host_name|dns_name|domain|^host$|dns_zone/,
    (seed) => `${hexFor(seed, 8)}.rehearsal.invalid`,
  ],
  [/uuid|guid|(tenant|client|principal|object|subscription)_id$/, uuidFor],
  [/password|secret|token|access_key/, (seed) => bytesFor(seed, 24).toString('base64url')],
  [/(^|_)(md5|fingerprint|etag|sha1)/, (seed) => hexFor(seed, 32)],
  [/sha256|digest/, (seed) => hexFor(seed, 64)],
  [/policy_data|^json$|_json$/, () => '{}'],
  [/^(status|state)$/, () => 'active'],
  [/version$/, () => '1'],
];

/** Known numbers, by the name of an attribute. */
const numbers: readonly (readonly [RegExp, (seed: string) => number])[] = [
  [/project_number/, () => Number(googleProjectNumber)],
  [/^ssh_port$/, () => 22],
  [/port/, (seed) => 1024 + (bytesFor(seed, 2).readUInt16BE() % 30000)],
];

/** A made-up value for a whole top-level attribute, where a rule knows the type or the provider. */
export function ruledValue(context: FakeContext, name: string): Value | undefined {
  const echoed = echoes[name];
  if (echoed !== undefined) return context.get(echoed) ?? undefined;
  const provider = context.type.slice(0, context.type.indexOf('_'));
  return (ofTypes[context.type]?.[name] ?? ofProviders[provider]?.[name] ?? placed(name))?.(context);
}

/** A made-up text. `path` leads to the attribute, `seed` says which of all attributes of that path. */
export function fakeText(path: readonly string[], seed: string): string {
  const dotted = path.join('.');
  for (const [pattern, make] of ofPaths) if (pattern.test(dotted)) return make(seed);
  const leaf = path.at(-1)!;
  for (const [pattern, make] of ofNames) if (pattern.test(leaf)) return make(seed, leaf);
  return `${leaf.replaceAll('_', '-')}-${hexFor(seed, 8)}`;
}

export function fakeNumber(leaf: string, seed: string): number {
  return numbers.find(([pattern]) => pattern.test(leaf))?.[1](seed) ?? 1;
}

function byte(seed: string): number {
  return bytesFor(seed, 1)[0]!;
}

function address(seed: string): string {
  return `10.${byte(`a${seed}`)}.${byte(`b${seed}`)}.${(byte(`c${seed}`) % 250) + 2}`;
}

function timeParts(): Readonly<Record<string, Rule>> {
  const at = (read: (date: Date) => number): Rule => {
    return (context) => read(new Date(textOf(context, 'rfc3339') ?? time));
  };
  return {
    rfc3339: (context) => textOf(context, 'base_rfc3339') ?? time,
    base_rfc3339: () => time,
    rotation_rfc3339: () => '2124-01-01T00:00:00Z',
    id: (context) => context.get('rfc3339'),
    unix: at((date) => date.getTime() / 1000),
    year: at((date) => date.getUTCFullYear()),
    month: at((date) => date.getUTCMonth() + 1),
    day: at((date) => date.getUTCDate()),
    hour: at((date) => date.getUTCHours()),
    minute: at((date) => date.getUTCMinutes()),
    second: at((date) => date.getUTCSeconds()),
  };
}

function kubeconfig(seed: string): string {
  const certificate = base64(pemFor(seed, 'CERTIFICATE'));
  const config: ObjectValue = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'rehearsal',
    clusters: [
      {
        name: 'rehearsal',
        cluster: { server: `https://${address(seed)}`, 'certificate-authority-data': certificate },
      },
    ],
    contexts: [{ name: 'rehearsal', context: { cluster: 'rehearsal', user: 'rehearsal' } }],
    users: [{ name: 'rehearsal', user: { token: bytesFor(seed, 24).toString('base64url') } }],
  };
  // JSON is YAML, so whoever decodes a kubeconfig can read it.
  return JSON.stringify(config);
}

function keyName(context: FakeContext): string {
  return (textOf(context, 'algorithm') ?? 'RSA').toLowerCase();
}

function keyLabel(context: FakeContext): string {
  const algorithm = textOf(context, 'algorithm') === 'ECDSA' ? 'EC' : (textOf(context, 'algorithm') ?? 'RSA');
  const isPkcs8 = algorithm === 'ED25519';
  return isPkcs8 ? privateKey : `${algorithm} ${privateKey}`;
}
