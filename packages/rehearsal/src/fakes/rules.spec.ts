import type { Value } from '../protocol/values';
import type { FakeContext } from './fake-context';
import { fakeNumber, fakeText, ruledValue } from './rules';

/** A resource with these attributes; what is not given is ruled. */
function at(
  type: string,
  given: Readonly<Record<string, Value>> = {},
  defaults: FakeContext['defaults'] = {},
  seed = 'seed',
): FakeContext {
  const underWay = new Set<string>();
  const context: FakeContext = {
    type,
    seed,
    defaults,
    get(name) {
      if (name in given) return given[name];
      // Where something is has no type but by its schema.
      if (['region', 'zone', 'location'].includes(name) || underWay.has(name)) return undefined;
      underWay.add(name);
      try {
        return ruledValue(context, name);
      } finally {
        underWay.delete(name);
      }
    },
  };
  return context;
}

const acme = { project: 'acme', region: 'north' };

it.each<[string, string, Readonly<Record<string, Value>>, string, FakeContext['defaults']?]>([
  ['google_storage_bucket', 'id', { name: 'b' }, 'b'],
  ['google_storage_bucket', 'url', { name: 'b' }, 'gs://b'],
  ['google_storage_bucket', 'self_link', { name: 'b' }, 'https://www.googleapis.com/storage/v1/b/b'],
  ['google_sql_database_instance', 'connection_name', { name: 'i', region: 'r' }, 'acme:r:i'],
  ['google_sql_database_instance', 'connection_name', { name: 'i', project: 'other' }, 'other:north:i'],
  ['google_service_account', 'email', { account_id: 'a' }, 'a@acme.iam.gserviceaccount.com'],
  ['google_service_account', 'email', {}, 'rehearsal@acme.iam.gserviceaccount.com'],
  ['google_service_account', 'member', { account_id: 'a' }, 'serviceAccount:a@acme.iam.gserviceaccount.com'],
  [
    'google_service_account',
    'id',
    { account_id: 'a', project: 'p' },
    'projects/p/serviceAccounts/a@p.iam.gserviceaccount.com',
  ],
  ['google_container_cluster', 'id', { name: 'c', location: 'l' }, 'projects/acme/locations/l/clusters/c'],
  [
    'google_container_node_pool',
    'id',
    { name: 'n', cluster: 'c', location: 'l' },
    'projects/acme/locations/l/clusters/c/nodePools/n',
  ],
  ['google_sql_database', 'id', { name: 'd', instance: 'i' }, 'projects/acme/instances/i/databases/d'],
  ['google_sql_user', 'id', { name: 'u', instance: 'i' }, 'u//i'],
  ['google_secret_manager_secret', 'id', { secret_id: 's' }, 'projects/acme/secrets/s'],
  ['google_secret_manager_secret', 'name', { secret_id: 's' }, 'projects/acme/secrets/s'],
  ['google_secret_manager_secret_version', 'id', { secret: 's' }, 's/versions/1'],
  ['google_project_service', 'id', { service: 'x.googleapis.com' }, 'acme/x.googleapis.com'],
  ['google_project', 'id', { project_id: 'p' }, 'projects/p'],
  ['google_kms_crypto_key', 'id', { key_ring: 'r', name: 'k' }, 'r/cryptoKeys/k'],
  ['google_compute_network', 'id', { name: 'n' }, 'projects/acme/global/networks/n'],
  ['google_compute_address', 'id', { name: 'n', region: 'r' }, 'projects/acme/regions/r/addresses/n'],
  ['google_compute_disk', 'id', { name: 'n', zone: 'z' }, 'projects/acme/zones/z/disks/n'],
  ['google_x_y_thing', 'id', { name: 'n', location: 'l', zone: 'z' }, 'projects/acme/locations/l/yThings/n'],
  ['google_compute_global_address', 'id', { name: 'n' }, 'projects/acme/global/addresses/n'],
  ['google_thing', 'id', { name: 'n' }, 'projects/acme/global/things/n'],
  ['google_x_thing', 'id', { name: 'projects/p/things/n' }, 'projects/p/things/n'],
  ['google_storage_bucket_iam_member', 'id', { bucket: 'b', role: 'r', member: 'm' }, 'b/b/r/m'],
  ['google_project_iam_member', 'id', { role: 'r', member: 'm' }, 'acme/r/m'],
  ['google_service_account_iam_member', 'id', { service_account_id: 'sa', role: 'r', member: 'm' }, 'sa/r/m'],
  ['google_compute_network', 'self_link', { id: 'i' }, 'https://www.googleapis.com/compute/v1/i'],
  ['google_compute_network', 'project', {}, 'acme'],
  ['google_compute_network', 'project', {}, 'rehearsal-project', {}],
  ['google_project', 'project', { project_id: 'own' }, 'own'],
  ['google_thing', 'project_number', {}, '123456789012'],
  ['google_thing', 'region', {}, 'north'],
  ['google_thing', 'region', {}, 'europe-west1', {}],
  ['google_thing', 'zone', {}, 'europe-west1-b', {}],
  ['google_thing', 'zone', {}, 'z', { zone: 'z', region: 'r' }],
  ['google_thing', 'location', {}, 'l', { location: 'l', region: 'r' }],
  ['aws_s3_bucket', 'arn', { bucket: 'b' }, 'arn:aws:s3:::b'],
  ['aws_s3_bucket', 'bucket_domain_name', { bucket: 'b' }, 'b.s3.amazonaws.com'],
  ['aws_s3_bucket', 'bucket_regional_domain_name', { bucket: 'b' }, 'b.s3.north.amazonaws.com'],
  ['aws_iam_role', 'arn', { name: 'r' }, 'arn:aws:iam::123456789012:role/r'],
  ['aws_region', 'name', {}, 'north'],
  ['aws_region', 'name', {}, 'eu-central-1', {}],
  ['aws_vpc', 'arn', { id: 'v' }, 'arn:aws:vpc:north:123456789012:resource/v'],
  ['aws_eks_cluster', 'arn', { id: 'c' }, 'arn:aws:eks:north:123456789012:cluster/c'],
  ['aws_instance', 'availability_zone', {}, 'northa'],
  ['aws_eks_cluster', 'id', { name: 'c' }, 'c'],
  [
    'azurerm_resource_group',
    'id',
    { name: 'g' },
    '/subscriptions/s/resourceGroups/g',
    { subscription_id: 's' },
  ],
  [
    'azurerm_storage_account',
    'id',
    { name: 'a', resource_group_name: 'g' },
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Rehearsal/storageAccount/a',
    { subscription_id: 's' },
  ],
  ['digitalocean_database_cluster', 'urn', { id: 'i' }, 'do:databasecluster:i'],
  ['kubernetes_secret', 'id', { metadata: [{ name: 'n', namespace: 'ns' }] }, 'ns/n'],
  ['kubernetes_namespace', 'id', { metadata: [{ name: 'n' }] }, 'n'],
  ['helm_release', 'id', { name: 'h' }, 'h'],
  ['helm_release', 'status', {}, 'deployed'],
  ['acme_thing', 'region', {}, 'north'],
])('%s.%s of %j is %s', (type, name, given, expected, defaults = acme) => {
  expect(ruledValue(at(type, given, defaults), name)).toBe(expected);
});

it.each<[string, string, Readonly<Record<string, Value>>, RegExp]>([
  ['aws_instance', 'id', {}, /^i-0[0-9a-f]{16}$/],
  ['aws_security_group', 'id', {}, /^sg-0[0-9a-f]{16}$/],
  ['aws_eip', 'id', {}, /^eipalloc-0/],
  ['aws_some_thing', 'id', {}, /^some-thing-0/],
  ['digitalocean_droplet', 'id', {}, /^[1-9]\d{8}$/],
  ['digitalocean_vpc', 'id', {}, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['docker_image', 'id', {}, /^[0-9a-f]{64}$/],
  ['random_uuid', 'result', {}, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
  ['random_password', 'result', { length: 8 }, /^.{8}$/],
  ['random_password', 'result', {}, /^.{16}$/],
  ['random_password', 'result', { length: 300, special: false }, /^[a-zA-Z0-9]{300}$/],
  ['random_password', 'result', { length: 300, numeric: false, special: false }, /^[a-zA-Z]{300}$/],
  ['random_password', 'result', { length: 300, number: false, special: false }, /^[a-zA-Z]{300}$/],
  ['random_password', 'result', { length: 300, upper: false, special: false }, /^[a-z0-9]{300}$/],
  ['random_password', 'result', { length: 300, lower: false, override_special: '_' }, /^[A-Z0-9_]{300}$/],
  ['random_password', 'bcrypt_hash', {}, /^\$2a\$10\$[0-9a-f]{53}$/],
  ['random_pet', 'id', {}, /^[a-z]{5}-[a-z]{5}$/],
  ['random_pet', 'id', { length: 3, separator: '_', prefix: 'p' }, /^p(_[a-z]{5}){3}$/],
  ['random_id', 'hex', { byte_length: 3 }, /^[0-9a-f]{6}$/],
  ['random_id', 'hex', {}, /^[0-9a-f]{16}$/],
  ['random_bytes', 'hex', { length: 3 }, /^[0-9a-f]{6}$/],
  ['tls_private_key', 'private_key_pem', {}, /^-----BEGIN RSA PRIVATE KEY-----\n/],
  ['tls_private_key', 'private_key_pem', { algorithm: 'ECDSA' }, /^-----BEGIN EC PRIVATE KEY-----\n/],
  ['tls_private_key', 'private_key_pem', { algorithm: 'ED25519' }, /^-----BEGIN PRIVATE KEY-----\n/],
  ['tls_private_key', 'public_key_openssh', { algorithm: 'ED25519' }, /^ssh-ed25519 /],
  ['tls_private_key', 'public_key_openssh', {}, /^ssh-rsa /],
  ['google_container_cluster', 'endpoint', {}, /^10\.\d+\.\d+\.\d+$/],
])('%s.%s of %j has its form', (type, name, given, form) => {
  const made = ruledValue(at(type, given), name);
  expect(made).toMatch(form);
  expect(ruledValue(at(type, given), name)).toBe(made);
  expect(ruledValue(at(type, given, {}, 'another seed'), name)).not.toBe(made);
});

describe('what is random', () => {
  it('is a number from the least to the most, both included', () => {
    const numbers = Array.from({ length: 60 }, (_, n) =>
      ruledValue(at('random_integer', { min: 3, max: 5 }, {}, `seed ${n}`), 'result'),
    );
    expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
    expect(ruledValue(at('random_integer', { min: 7, max: 7 }), 'result')).toBe(7);
  });

  it('is a list in another order, or the beginning of it', () => {
    const input = ['a', 'b', 'c', 'd'];
    const all = ruledValue(at('random_shuffle', { input }), 'result') as string[];
    expect([...all].sort()).toEqual(input);
    expect(ruledValue(at('random_shuffle', { input, result_count: 2 }), 'result')).toEqual(all.slice(0, 2));
    expect(ruledValue(at('random_shuffle', { input: [] }), 'result')).toEqual([]);
    expect(ruledValue(at('random_shuffle', { input: 'a' }), 'result')).toBeUndefined();
  });

  it('has in a password one of each class at least', () => {
    for (let n = 0; n < 30; n++) {
      const text = ruledValue(at('random_password', { length: 4 }, {}, `seed ${n}`), 'result');
      expect(text).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^a-zA-Z0-9]).{4}$/);
    }
  });
});

it('times are parts of one time', () => {
  const rfc3339 = '2025-03-04T05:06:07Z';
  const part = (name: string): unknown => ruledValue(at('time_static', { rfc3339 }), name);
  const names = ['year', 'month', 'day', 'hour', 'minute', 'second'];
  expect(names.map(part)).toEqual([2025, 3, 4, 5, 6, 7]);
  expect(part('unix')).toBe(Date.parse(rfc3339) / 1000);
  expect(part('id')).toBe(rfc3339);
  expect(ruledValue(at('time_offset', { base_rfc3339: rfc3339 }), 'rfc3339')).toBe(rfc3339);
  expect(ruledValue(at('time_static'), 'rfc3339')).toBe('2024-01-01T00:00:00Z');
});

it('what repeats another attribute is that one', () => {
  const labels = { a: 'b' };
  for (const name of ['effective_labels', 'terraform_labels']) {
    expect(ruledValue(at('google_thing', { labels }), name)).toEqual(labels);
  }
  expect(ruledValue(at('aws_thing', { tags: labels }), 'tags_all')).toEqual(labels);
  expect(ruledValue(at('aws_thing', { tags: null }), 'tags_all')).toBeUndefined();
});

it('nothing is ruled for what nobody knows', () => {
  expect(ruledValue(at('acme_thing'), 'id')).toBeUndefined();
  expect(ruledValue(at('kubernetes_secret'), 'id')).toBeUndefined();
  expect(ruledValue(at('kubernetes_secret', { metadata: [{ namespace: 'a' }] }), 'id')).toBeUndefined();
});

it.each<[string, RegExp]>([
  ['role_arn', /^arn:aws:iam::123456789012:role\/[0-9a-f]{12}$/],
  ['arn', /^arn:aws:/],
  ['kube_admin_config_raw', /^\{"apiVersion":"v1"/],
  ['kubeconfig', /^\{"apiVersion":"v1"/],
  ['cluster_ca_certificate', /^[A-Za-z0-9+/=]+$/],
  ['client_key', /^[A-Za-z0-9+/=]+$/],
  ['ca_cert_pem', /^-----BEGIN CERTIFICATE-----/],
  ['server_certificate', /^-----BEGIN CERTIFICATE-----/],
  ['created_at', /^2024-01-01T00:00:00Z$/],
  ['time_created', /^2024-01-01T00:00:00Z$/],
  ['creation_timestamp', /^2024-01-01T00:00:00Z$/],
  ['email', /^[0-9a-f]{8}@rehearsal\.invalid$/],
  ['ipv6_cidr_block', /^fd00:[0-9a-f]{4}:[0-9a-f]{4}::\/64$/],
  ['cidr_block', /^10\.\d+\.0\.0\/16$/],
  ['ipv6_address', /^fd00:/],
  ['private_ip_address', /^10(\.\d+){3}$/],
  ['ip', /^10(\.\d+){3}$/],
  ['endpoint', /^https:\/\/endpoint-[0-9a-f]{8}\.rehearsal\.invalid$/],
  ['self_link', /^https:\/\/self-link-/],
  ['fqdn', /^[0-9a-f]{8}\.rehearsal\.invalid$/],
  ['host', /^[0-9a-f]{8}\.rehearsal\.invalid$/],
  ['mac_address', /^02(:[0-9a-f]{2}){5}$/],
  ['tenant_id', /^[0-9a-f]{8}-/],
  ['access_token', /^[A-Za-z0-9_-]{32}$/],
  ['etag', /^[0-9a-f]{32}$/],
  ['sha256', /^[0-9a-f]{64}$/],
  ['policy_data', /^\{\}$/],
  ['status', /^active$/],
  ['engine_version', /^1$/],
  ['some_name', /^some-name-[0-9a-f]{8}$/],
])('a text named %s has its form', (leaf, form) => {
  expect(fakeText([leaf], 'seed')).toMatch(form);
  expect(fakeText(['block', '0', leaf], 'seed')).toMatch(form);
});

it.each<[readonly string[], RegExp]>([
  [['certificate_authority', 'data'], /^LS0tLS1CRUdJTi/],
  [['private_cluster_config', '0', 'private_endpoint'], /^10\./],
  [['private_cluster_config', 'public_endpoint'], /^10\./],
  [['dns_endpoint_config', '0', 'endpoint'], /^gke-[0-9a-f]{24}\.rehearsal\.invalid$/],
  [['other', 'data'], /^data-/],
  [['private_endpoint'], /^https:/],
])('a text at %j has its form', (path, form) => {
  expect(fakeText(path, 'seed')).toMatch(form);
});

it('numbers are ports where they are named so, and else one', () => {
  expect(fakeNumber('project_number', 'seed')).toBe(123456789012);
  expect(fakeNumber('ssh_port', 'seed')).toBe(22);
  expect(fakeNumber('port', 'seed')).toBeGreaterThanOrEqual(1024);
  expect(fakeNumber('port', 'a')).not.toBe(fakeNumber('port', 'b'));
  expect(fakeNumber('size', 'seed')).toBe(1);
});
