import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsedFolder } from '../provider/testing/rehearsed-folder';
import { readSchemas } from '../schema/read-schemas';
import type { ProviderSchema } from '../schema/model';

const stack = {
  provider: {
    google: { project: 'acme-ml', region: 'europe-west4' },
    aws: { region: 'eu-north-1' },
    azurerm: { features: [{}] },
    helm: {
      // Unknown until the cluster is there.
      kubernetes: {
        host: 'https://${google_container_cluster.main.endpoint}',
        cluster_ca_certificate:
          '${base64decode(google_container_cluster.main.master_auth[0].cluster_ca_certificate)}',
      },
    },
  },
  resource: {
    random_password: {
      sql: { length: 24, special: false },
      pin: { length: 6, upper: false, lower: false, special: false },
    },
    random_integer: { port: { min: 8000, max: 8010 } },
    random_pet: { name: { prefix: 'ml', length: 3 } },
    random_id: { suffix: { byte_length: 4 } },
    random_uuid: { id: {} },
    tls_private_key: { ssh: { algorithm: 'ED25519' } },
    google_service_account: { mlflow: { account_id: 'mlflow' } },
    google_storage_bucket: { artifacts: { name: 'acme-artifacts', location: 'EU' } },
    google_compute_network: { main: { name: 'main' } },
    google_compute_subnetwork: {
      nodes: { name: 'nodes', network: '${google_compute_network.main.id}', ip_cidr_range: '10.0.0.0/20' },
    },
    google_container_cluster: { main: { name: 'main', location: 'europe-west4', initial_node_count: 1 } },
    google_container_node_pool: {
      cpu: { name: 'cpu', cluster: '${google_container_cluster.main.name}', location: 'europe-west4' },
    },
    google_storage_bucket_iam_member: {
      mlflow: {
        bucket: '${google_storage_bucket.artifacts.name}',
        role: 'roles/storage.objectUser',
        member: '${google_service_account.mlflow.member}',
      },
    },
    google_secret_manager_secret: { sql: { secret_id: 'sql', replication: { auto: {} } } },
    google_secret_manager_secret_version: {
      sql: {
        secret: '${google_secret_manager_secret.sql.id}',
        secret_data: '${random_password.sql.result}',
      },
    },
    google_sql_database_instance: {
      sql: { name: 'sql', database_version: 'POSTGRES_17', settings: { tier: 'db-custom-1-3840' } },
    },
    google_sql_user: {
      mlflow: {
        name: 'mlflow',
        instance: '${google_sql_database_instance.sql.name}',
        password: '${random_password.sql.result}',
      },
    },
    aws_s3_bucket: { artifacts: { bucket: 'acme-artifacts' } },
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_eks_cluster: {
      main: {
        name: 'main',
        role_arn: '${aws_iam_role.eks.arn}',
        vpc_config: { subnet_ids: ['${aws_vpc.main.id}'] },
      },
    },
    aws_iam_role: { eks: { name: 'eks', assume_role_policy: '{}' } },
    azurerm_resource_group: { main: { name: 'ml', location: 'westeurope' } },
    azurerm_storage_account: {
      main: {
        name: 'acme',
        resource_group_name: '${azurerm_resource_group.main.name}',
        location: 'westeurope',
        account_tier: 'Standard',
        account_replication_type: 'LRS',
      },
    },
    digitalocean_kubernetes_cluster: {
      main: {
        name: 'main',
        region: 'fra1',
        version: '1.33',
        node_pool: { name: 'cpu', size: 's-2vcpu-4gb' },
      },
    },
    helm_release: { mlflow: { name: 'mlflow', chart: './chart', set: [{ name: 'a', value: 'b' }] } },
    terraform_data: { node: { input: '${digitalocean_kubernetes_cluster.main.kube_config[0].host}' } },
  },
};

let cacheDir: string;
let folder: RehearsedFolder;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- values of many types, which is what is tested
let state: Record<string, Record<string, any>>;

beforeAll(async () => {
  cacheDir = mkdtempSync(join(tmpdir(), 'mlterra-schemas-'));
  folder = await RehearsedFolder.start(schemasOf(stack.resource));
  folder.write(stack);
  await folder.init();
  await folder.apply();
  state = await folder.state();
});

afterAll(async () => {
  await folder.stop();
  rmSync(cacheDir, { recursive: true, force: true });
});

function schemasOf(resource: object): ProviderSchema[] {
  const sources = ['google', 'aws', 'azurerm', 'helm', 'random', 'tls', 'digitalocean'];
  const used = sources.map((name) => ({
    source: `registry.terraform.io/${name === 'digitalocean' ? name : 'hashicorp'}/${name}`,
    resources: Object.keys(resource).filter((type) => type.startsWith(`${name}_`)),
    dataSources: [],
  }));
  return readSchemas(used, { from: __dirname, cacheDir });
}

test('a whole stack is planned again without a change, a helm provider that was unknown at plan included', async () => {
  expect(await folder.changes()).toEqual([]);
});

test('passwords are as long as asked and made of what is allowed, numbers in their range', () => {
  expect(state['random_password.sql']!['result']).toMatch(/^[a-zA-Z0-9]{24}$/);
  expect(state['random_password.pin']!['result']).toMatch(/^[0-9]{6}$/);
  expect(state['google_sql_user.mlflow']!['password']).toBe(state['random_password.sql']!['result']);
  const port = state['random_integer.port']!['result'];
  expect(port).toBeGreaterThanOrEqual(8000);
  expect(port).toBeLessThanOrEqual(8010);
  expect(state['random_pet.name']!['id']).toMatch(/^ml(-[a-z]+){3}$/);
  expect(state['random_id.suffix']!['hex']).toMatch(/^[0-9a-f]{8}$/);
  expect(Buffer.from(state['random_id.suffix']!['b64_url'], 'base64url').toString('hex')).toBe(
    state['random_id.suffix']!['hex'],
  );
  expect(state['random_uuid.id']!['result']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('keys and certificates have the form of PEM, in base64 where the cloud has it so', () => {
  expect(state['tls_private_key.ssh']!['private_key_pem']).toMatch(
    /^-----BEGIN [A-Z ]+-----\n[\s\S]+\n-----END/,
  );
  expect(state['tls_private_key.ssh']!['public_key_openssh']).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+\n$/);
  const encoded = state['google_container_cluster.main']!['master_auth'][0].cluster_ca_certificate;
  expect(Buffer.from(encoded, 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  const ofAws = state['aws_eks_cluster.main']!['certificate_authority'][0].data;
  expect(Buffer.from(ofAws, 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
});

test('identifiers are made of what they identify', () => {
  expect(state['google_container_cluster.main']).toMatchObject({
    id: 'projects/acme-ml/locations/europe-west4/clusters/main',
    project: 'acme-ml',
    private_cluster_config: [
      expect.objectContaining({ private_endpoint: expect.stringMatching(/^10(\.\d+){3}$/) }),
    ],
    endpoint: expect.stringMatching(/^10(\.\d+){3}$/),
  });
  expect(state['google_compute_network.main']).toMatchObject({
    id: 'projects/acme-ml/global/networks/main',
    self_link: 'https://www.googleapis.com/compute/v1/projects/acme-ml/global/networks/main',
  });
  expect(state['google_compute_subnetwork.nodes']!['id']).toBe(
    'projects/acme-ml/regions/europe-west4/subnetworks/nodes',
  );
  expect(state['google_service_account.mlflow']).toMatchObject({
    email: 'mlflow@acme-ml.iam.gserviceaccount.com',
    member: 'serviceAccount:mlflow@acme-ml.iam.gserviceaccount.com',
  });
  expect(state['google_container_node_pool.cpu']!['id']).toBe(
    'projects/acme-ml/locations/europe-west4/clusters/main/nodePools/cpu',
  );
  expect(state['google_storage_bucket_iam_member.mlflow']!['id']).toBe(
    'b/acme-artifacts/roles/storage.objectUser/serviceAccount:mlflow@acme-ml.iam.gserviceaccount.com',
  );
  expect(state['google_secret_manager_secret_version.sql']!['id']).toBe(
    'projects/acme-ml/secrets/sql/versions/1',
  );
  expect(state['google_storage_bucket.artifacts']).toMatchObject({
    id: 'acme-artifacts',
    url: 'gs://acme-artifacts',
  });
  expect(state['google_sql_database_instance.sql']).toMatchObject({
    connection_name: 'acme-ml:europe-west4:sql',
    private_ip_address: expect.stringMatching(/^10(\.\d+){3}$/),
  });
  expect(state['aws_s3_bucket.artifacts']).toMatchObject({
    arn: 'arn:aws:s3:::acme-artifacts',
    bucket_regional_domain_name: 'acme-artifacts.s3.eu-north-1.amazonaws.com',
  });
  expect(state['aws_eks_cluster.main']).toMatchObject({
    arn: 'arn:aws:eks:eu-north-1:123456789012:cluster/main',
    endpoint: expect.stringMatching(/^https:\/\//),
    role_arn: 'arn:aws:iam::123456789012:role/eks',
  });
  expect(state['aws_vpc.main']!['id']).toMatch(/^vpc-0[0-9a-f]{16}$/);
  expect(state['azurerm_storage_account.main']!['id']).toMatch(
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/ml\/providers\/[\w./]+\/acme$/,
  );
});

test('a kubeconfig can be read', () => {
  const [kubeconfig] = state['digitalocean_kubernetes_cluster.main']!['kube_config'];
  const read = JSON.parse(kubeconfig.raw_config);
  expect(read.clusters[0].cluster.server).toMatch(/^https:\/\//);
  expect(state['terraform_data.node']!['output']).toBe(kubeconfig.host);
});
