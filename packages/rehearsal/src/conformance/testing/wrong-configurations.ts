/** A configuration with one mistake. */
export interface WrongConfiguration {
  readonly name: string;
  /** Short names of the providers it needs. */
  readonly provider: string;
  /** The configuration; `it` is the name to give everything, so that many can stand in one folder. */
  readonly config: (it: string) => Record<string, unknown>;
  /** What is said. Absent: a rehearsal does not see the mistake. */
  readonly rejected?: RegExp;
  /** What says so; the check is that of a rehearsal, for what Terraform lets pass. @default 'validate' */
  readonly at?: 'validate' | 'plan' | 'check';
  /** It keeps Terraform from looking at anything else, and stands in a folder of its own. */
  readonly alone?: boolean;
  /** Why a rehearsal does not see the mistake. */
  readonly beyondRehearsal?: string;
  /** What does see it. */
  readonly caughtBy?: 'hybrid' | 'real';
}

/** Providers of the wrong configurations, with their full addresses. */
export const providerSources: Readonly<Record<string, string>> = {
  google: 'registry.terraform.io/hashicorp/google',
  aws: 'registry.terraform.io/hashicorp/aws',
  azurerm: 'registry.terraform.io/hashicorp/azurerm',
  digitalocean: 'registry.terraform.io/digitalocean/digitalocean',
  helm: 'registry.terraform.io/hashicorp/helm',
  kubernetes: 'registry.terraform.io/hashicorp/kubernetes',
  docker: 'registry.terraform.io/kreuzwerker/docker',
  random: 'registry.terraform.io/hashicorp/random',
  tls: 'registry.terraform.io/hashicorp/tls',
};

type Values = Readonly<Record<string, unknown>>;

const resource =
  (type: string, values: Values) =>
  (it: string): Record<string, unknown> => ({ resource: { [type]: { [it]: values } } });

const data =
  (type: string, values: Values) =>
  (it: string): Record<string, unknown> => ({ data: { [type]: { [it]: values } } });

const bucket = { name: 'a', location: 'EU' };

const rejected: readonly WrongConfiguration[] = [
  {
    name: 'an argument that does not exist',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, versionning: true }),
    rejected: /No argument or block type is named "versionning"/,
  },
  {
    name: 'a missing argument',
    provider: 'google',
    config: resource('google_storage_bucket', { name: 'a' }),
    rejected: /The argument "location" is required/,
  },
  {
    name: 'a required argument that is null',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, name: null }),
    rejected: /The argument "name" is required/,
  },
  {
    name: 'a text where a number belongs',
    provider: 'google',
    config: resource('google_container_cluster', { name: 'a', initial_node_count: 'three' }),
    rejected: /"initial_node_count": a number is required/,
  },
  {
    name: 'a text where a truth value belongs',
    provider: 'google',
    config: resource('google_container_cluster', { name: 'a', deletion_protection: 'never' }),
    rejected: /"deletion_protection": a bool is required/,
  },
  {
    name: 'too many blocks',
    provider: 'google',
    config: resource('google_sql_database_instance', {
      database_version: 'POSTGRES_17',
      settings: [{ tier: 'a' }, { tier: 'b' }],
    }),
    rejected: /Too many settings blocks|No more than 1 "settings" blocks are allowed/,
  },
  {
    name: 'an argument of a block that does not exist',
    provider: 'google',
    config: resource('google_sql_database_instance', {
      database_version: 'POSTGRES_17',
      settings: { tier: 'a', diskSize: 10 },
    }),
    rejected: /No argument or block type is named "diskSize"/,
  },
  {
    name: 'a missing argument of a block',
    provider: 'digitalocean',
    config: resource('digitalocean_kubernetes_cluster', {
      name: 'a',
      region: 'fra1',
      version: '1',
      node_pool: { name: 'a' },
    }),
    rejected: /The argument "size" is required/,
  },
  {
    name: 'a missing block',
    provider: 'aws',
    config: resource('aws_eks_cluster', { name: 'a', role_arn: 'b' }),
    rejected: /At least 1 "vpc_config" blocks are required/,
  },
  {
    name: 'a value that only the provider can give',
    provider: 'aws',
    config: resource('aws_s3_bucket', { bucket: 'a', arn: 'arn:aws:s3:::a' }),
    rejected: /Can't configure a value for "arn"/,
  },
  {
    name: 'a list with elements of another type',
    provider: 'aws',
    config: resource('aws_instance', { ami: 'a', instance_type: 'b', vpc_security_group_ids: [{ id: 'c' }] }),
    rejected: /"vpc_security_group_ids": element 0: string required/,
  },
  {
    name: 'an object that lacks attributes',
    provider: 'aws',
    config: resource('aws_security_group', { ingress: [{ from_port: 80, to_port: 80 }] }),
    rejected: /"ingress": element 0: attributes .*"cidr_blocks"/,
  },
  {
    name: 'a list where a text belongs',
    provider: 'azurerm',
    config: resource('azurerm_resource_group', { name: ['a'], location: 'b' }),
    rejected: /"name": string required/,
  },
  {
    name: 'a text where a map belongs',
    provider: 'azurerm',
    config: resource('azurerm_resource_group', { name: 'a', location: 'b', tags: 'c' }),
    rejected: /"tags": map of string required/,
  },
  {
    name: 'a type that does not exist',
    provider: 'azurerm',
    config: resource('azurerm_resource_groups', { name: 'a', location: 'b' }),
    rejected: /does not support resource type "azurerm_resource_groups"/,
  },
  {
    name: 'a missing attribute of a nested object',
    provider: 'helm',
    config: resource('helm_release', { name: 'a', chart: 'b', set: [{ value: 'c' }] }),
    rejected: /attribute "name" is required/,
  },
  {
    name: 'a text where nested objects belong',
    provider: 'helm',
    config: resource('helm_release', { name: 'a', chart: 'b', set: 'image.tag=1' }),
    rejected: /"set": list of object required/,
  },
  {
    name: 'a missing block of metadata',
    provider: 'kubernetes',
    config: resource('kubernetes_namespace', {}),
    rejected: /At least 1 "metadata" blocks are required/,
  },
  {
    name: 'a container without an image',
    provider: 'docker',
    config: resource('docker_container', { name: 'a' }),
    rejected: /The argument "image" is required/,
  },
  {
    name: 'a port without a number',
    provider: 'docker',
    config: resource('docker_container', { name: 'a', image: 'b', ports: { external: 80 } }),
    rejected: /The argument "internal" is required/,
  },
  {
    name: 'a password without a length',
    provider: 'random',
    config: resource('random_password', { special: false }),
    rejected: /The argument "length" is required/,
  },
  {
    name: 'a key without an algorithm',
    provider: 'tls',
    config: resource('tls_private_key', {}),
    rejected: /The argument "algorithm" is required/,
  },
  {
    name: 'a reference to a resource that is not there',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, name: '${google_storage_bucket.absent.name}' }),
    rejected: /"google_storage_bucket" "absent" has not been declared/,
  },
  {
    name: 'a reference to an attribute that is not there',
    provider: 'google',
    config: (it) => ({
      ...resource('google_storage_bucket', bucket)(it),
      output: { [it]: { value: `\${google_storage_bucket.${it}.uri}` } },
    }),
    rejected: /This object has no argument, nested block, or exported attribute named "uri"/,
  },
  {
    name: 'a dependency on a resource that is not there',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, depends_on: ['google_project_service.absent'] }),
    rejected: /"google_project_service" "absent" has not been declared/,
  },
  {
    name: 'a reference to itself',
    provider: 'google',
    config: (it) =>
      resource('google_storage_bucket', { ...bucket, name: `\${google_storage_bucket.${it}.url}` })(it),
    rejected: /Configuration for google_storage_bucket\.\w+ may not refer to itself/,
    at: 'plan',
  },
  {
    name: 'a variable that is not declared',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, name: '${var.absent}' }),
    rejected: /An input variable with the name "absent" has not been declared/,
  },
  {
    name: 'a local value that is not declared',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, name: '${local.absent}' }),
    rejected: /A local value with the name "absent" has not been declared/,
  },
  {
    name: 'a function that does not exist',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, name: '${lowercase("A")}' }),
    rejected: /There is no function named "lowercase"/,
  },
  {
    name: 'a function with too few arguments',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, name: '${replace("a")}' }),
    rejected: /Function "replace" expects 3 argument/,
  },
  {
    name: 'a count beside for_each',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, count: 2, for_each: { a: 'b' } }),
    rejected: /"count" and "for_each" meta-arguments are mutually-exclusive/,
    alone: true,
  },
  {
    name: 'a change to ignore of an attribute that does not exist',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, lifecycle: { ignore_changes: ['labelz'] } }),
    rejected: /no argument, nested block, or exported attribute named "labelz"/,
  },
  {
    name: 'an argument of a data source that does not exist',
    provider: 'google',
    config: data('google_compute_network', { name: 'a', region: 'b' }),
    rejected: /No argument or block type is named "region"/,
  },
  {
    name: 'a missing argument of a data source',
    provider: 'google',
    config: data('google_compute_network', {}),
    rejected: /The argument "name" is required/,
  },
  {
    name: 'an argument of a provider that does not exist',
    provider: 'google',
    config: (it) => ({
      provider: { google: { alias: it, projekt: 'a' } },
      ...resource('google_storage_bucket', { ...bucket, provider: `google.${it}` })(it),
    }),
    rejected: /No argument or block type is named "projekt"/,
  },
  {
    name: 'an argument of a provider of another type',
    provider: 'google',
    config: (it) => ({
      provider: { google: { alias: it, user_project_override: 'perhaps' } },
      ...resource('google_storage_bucket', { ...bucket, provider: `google.${it}` })(it),
    }),
    rejected: /"user_project_override": a bool is required/,
  },
  {
    name: 'a configuration of a provider that is not there',
    provider: 'google',
    config: resource('google_storage_bucket', { ...bucket, provider: 'google.absent' }),
    rejected: /google"\]\.absent is required, but it has been removed|Provider configuration not present/,
    alone: true,
  },
  {
    name: 'resources that need each other',
    provider: 'google',
    config: (it) => ({
      resource: {
        google_storage_bucket: {
          [it]: { ...bucket, name: `\${google_storage_bucket.${it}_other.url}` },
          [`${it}_other`]: { ...bucket, name: `\${google_storage_bucket.${it}.url}` },
        },
      },
    }),
    rejected: /Cycle: google_storage_bucket\.\w+, google_storage_bucket\.\w+/,
    alone: true,
  },
  {
    name: 'a variable without a value',
    provider: 'google',
    config: (it) => ({ variable: { [it]: {} } }),
    rejected: /The root module input variable "\w+" is not set/,
    at: 'plan',
    alone: true,
  },
  {
    name: 'an output of another stack that is not there',
    provider: 'google',
    config: (it) => ({
      data: { terraform_remote_state: { [it]: { backend: 'local', config: { path: 'other.tfstate' } } } },
      ...resource('google_storage_bucket', {
        ...bucket,
        name: `\${data.terraform_remote_state.${it}.outputs.bucket}`,
      })(it),
    }),
    rejected: /This object does not have an attribute named "bucket"/,
    at: 'plan',
  },
  {
    name: 'one resource for each of what is not known yet',
    provider: 'google',
    config: (it) => ({
      resource: {
        google_storage_bucket: {
          [it]: bucket,
          [`${it}_each`]: { ...bucket, for_each: `\${toset([google_storage_bucket.${it}.url])}` },
        },
      },
    }),
    rejected:
      /The "for_each" set includes values derived from resource attributes that cannot be determined until apply/,
    at: 'plan',
  },
  {
    name: 'as many resources as are not known yet',
    provider: 'google',
    config: (it) => ({
      resource: {
        google_storage_bucket: {
          [it]: bucket,
          [`${it}_count`]: { ...bucket, count: `\${length(google_storage_bucket.${it}.url)}` },
        },
      },
    }),
    rejected: /The "count" value depends on resource attributes that cannot be determined until apply/,
    at: 'plan',
  },
  {
    name: 'a block that was not configured',
    provider: 'google',
    config: (it) => ({
      ...resource('google_sql_database_instance', {
        database_version: 'POSTGRES_17',
        settings: { tier: 'a' },
      })(it),
      output: { [it]: { value: `\${google_sql_database_instance.${it}.settings[1].tier}` } },
    }),
    rejected: /The given key does not identify an element in this collection value/,
    at: 'plan',
  },
  {
    name: 'a condition that does not hold',
    provider: 'google',
    config: (it) => ({
      variable: { [it]: { default: 'a' } },
      ...resource('google_storage_bucket', {
        ...bucket,
        lifecycle: {
          precondition: { condition: `\${length(var.${it}) > 3}`, error_message: 'The name is too short.' },
        },
      })(it),
    }),
    rejected: /The name is too short/,
    at: 'plan',
  },
  {
    name: 'an attribute of a nested object that does not exist',
    provider: 'helm',
    config: resource('helm_release', {
      name: 'a',
      chart: 'b',
      set: [{ name: 'c', value: 'd', kind: 'string' }],
    }),
    rejected: /what no object has: helm_release\.\w+: set\[0\]\.kind\./,
    at: 'check',
  },
];

const values = 'the values an argument may have are in the provider only';
const conflicts = 'which arguments exclude each other is in the provider only';

const beyond: readonly WrongConfiguration[] = [
  {
    name: 'a restart policy that does not exist',
    provider: 'docker',
    config: resource('docker_container', { name: 'a', image: 'b', restart: 'sometimes' }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'a share of the processor below zero',
    provider: 'docker',
    config: resource('docker_container', { name: 'a', image: 'b', cpu_shares: -1 }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'a mount of a type that does not exist',
    provider: 'docker',
    config: resource('docker_container', { name: 'a', image: 'b', mounts: { target: '/a', type: 'disk' } }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'a secret that is not base64',
    provider: 'docker',
    config: resource('docker_secret', { name: 'a', data: 'not base64!' }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'a service that is both replicated and global',
    provider: 'docker',
    config: resource('docker_service', {
      name: 'a',
      task_spec: { container_spec: { image: 'b' } },
      mode: { global: true, replicated: { replicas: 2 } },
    }),
    beyondRehearsal: conflicts,
    caughtBy: 'hybrid',
  },
  {
    name: 'a password of no length',
    provider: 'random',
    config: resource('random_password', { length: 0 }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'an algorithm that does not exist',
    provider: 'tls',
    config: resource('tls_private_key', { algorithm: 'DSA' }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'a network that is none',
    provider: 'aws',
    config: resource('aws_vpc', { cidr_block: 'ten' }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'arguments that exclude each other',
    provider: 'google',
    config: resource('google_container_cluster', {
      name: 'a',
      enable_autopilot: true,
      remove_default_node_pool: true,
    }),
    beyondRehearsal: conflicts,
    caughtBy: 'hybrid',
  },
  {
    name: 'a name with characters that are not allowed',
    provider: 'azurerm',
    config: resource('azurerm_storage_account', {
      name: 'Not allowed',
      resource_group_name: 'a',
      location: 'b',
      account_tier: 'Standard',
      account_replication_type: 'LRS',
    }),
    beyondRehearsal: values,
    caughtBy: 'hybrid',
  },
  {
    name: 'a provider without a block it needs',
    provider: 'azurerm',
    config: (it) => ({
      provider: { azurerm: { alias: it } },
      ...resource('azurerm_resource_group', { name: 'a', location: 'b', provider: `azurerm.${it}` })(it),
    }),
    beyondRehearsal: 'the binding says that `features` may be absent',
    caughtBy: 'hybrid',
  },
  {
    name: 'a region that does not exist',
    provider: 'google',
    config: resource('google_compute_subnetwork', {
      name: 'a',
      network: 'b',
      ip_cidr_range: '10.0.0.0/24',
      region: 'europe-west99',
    }),
    beyondRehearsal: 'only the cloud knows what it has',
    caughtBy: 'real',
  },
];

/** Every one is rejected, or says why it is not. */
export const wrongConfigurations: readonly WrongConfiguration[] = [...rejected, ...beyond];
