import { GoogleProject } from './google-project';
import { GkeCluster, type GkeClusterProps } from './gke-cluster';
import type { GkeNodePoolProps } from './gke-node-pool';
import { KeyRing } from './key-ring';
import { every, only, synth } from './testing/synth';
import type { DemoProps } from './testing/demo';

function build(props: Partial<GkeClusterProps> = {}, stage: DemoProps = {}) {
  return synth(({ cluster }) => void cluster(props), stage)['dev/cluster'];
}

const CLUSTER = 'google_container_cluster';
const POOL = 'google_container_node_pool';

const sizes = (stack: ReturnType<typeof build>): unknown =>
  Object.fromEntries(
    every(stack, POOL).map(({ name, autoscaling, node_config }) => {
      const { total_min_node_count: min, total_max_node_count: max } = autoscaling as Record<string, number>;
      return [name, { min, max, spot: (node_config as { spot: boolean }).spot }];
    }),
  );

describe('GkeCluster', () => {
  it('is reached inside its network only', () => {
    const stack = build();
    expect(only(stack, CLUSTER)).toMatchObject({
      private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: true },
      master_authorized_networks_config: { gcp_public_cidrs_access_enabled: false },
      control_plane_endpoints_config: { dns_endpoint_config: { allow_external_traffic: false } },
    });
    expect(stack!.output!.cluster_endpoint!.value).toMatch(/private_endpoint/);
  });

  it('keeps its private address for private ranges', () => {
    const stack = build({ authorizedNetworks: ['10.200.0.0/16'] });
    expect(only(stack, CLUSTER)).toMatchObject({
      private_cluster_config: { enable_private_endpoint: true },
      master_authorized_networks_config: { cidr_blocks: [{ cidr_block: '10.200.0.0/16' }] },
    });
  });

  it('gets a public address for public ranges, open to them alone', () => {
    const stack = build({ authorizedNetworks: ['203.0.113.0/24'] });
    expect(only(stack, CLUSTER)).toMatchObject({
      private_cluster_config: { enable_private_endpoint: false, enable_private_nodes: true },
      master_authorized_networks_config: {
        gcp_public_cidrs_access_enabled: false,
        cidr_blocks: [{ cidr_block: '203.0.113.0/24' }],
      },
    });
    expect(stack!.output!.cluster_endpoint!.value).not.toMatch(/private_endpoint/);
  });

  it.each([
    [['10.200.0.0/16', '203.0.113.0/24'], false],
    [['203.0.113.0/24', '192.168.0.0/16', '10.200.0.0/16'], false],
    [['10.200.0.0/16', '172.16.0.0/12', '192.168.0.0/16'], true],
    [[], true],
  ])('with the ranges %j has a private address only: %p', (authorizedNetworks, isPrivate) => {
    const stack = build({ authorizedNetworks });
    expect(only(stack, CLUSTER)).toMatchObject({
      private_cluster_config: { enable_private_endpoint: isPrivate, enable_private_nodes: true },
      master_authorized_networks_config: {
        gcp_public_cidrs_access_enabled: false,
        private_endpoint_enforcement_enabled: true,
        cidr_blocks: authorizedNetworks.map((cidr_block) => ({ cidr_block })),
      },
    });
    const endpoint = String(stack!.output!.cluster_endpoint!.value);
    expect(endpoint.includes('private_endpoint')).toBe(isPrivate);
  });

  it('refuses the internet among other ranges', () => {
    expect(() => build({ authorizedNetworks: ['10.200.0.0/16', '0.0.0.0/0'] })).toThrow(
      'dev-cluster/cluster: authorizedNetworks "0.0.0.0/0" lets in the internet.',
    );
  });

  it('refuses the internet', () => {
    expect(() => build({ authorizedNetworks: ['0.0.0.0/0'] })).toThrow(
      'dev-cluster/cluster: authorizedNetworks "0.0.0.0/0" lets in the internet.',
    );
  });

  it('has a small share of spot nodes in development, and none in production', () => {
    expect(sizes(build())).toEqual({
      'on-demand': { min: 1, max: 2, spot: false },
      spot: { min: 0, max: 1, spot: true },
    });
    expect(sizes(build({}, { profile: 'production' }))).toEqual({
      'on-demand': { min: 3, max: 9, spot: false },
    });
    expect(sizes(build({ minNodes: 2, maxNodes: 10 }, { overrides: { spotShare: 1 } }))).toEqual({
      'on-demand': { min: 2, max: 2, spot: false },
      spot: { min: 0, max: 8, spot: true },
    });
  });

  it('is protected in production only', () => {
    expect(only(build(), CLUSTER)).toMatchObject({ deletion_protection: false });
    expect(only(build({}, { profile: 'production' }), CLUSTER)).toMatchObject({ deletion_protection: true });
  });

  it('has nodes that run as an account of their own, whose rights are those of a node', () => {
    const stack = build();
    expect(only(stack, 'google_project_iam_member')).toMatchObject({
      role: 'roles/container.defaultNodeServiceAccount',
    });
    for (const { node_config } of every(stack, POOL)) {
      expect(node_config).toMatchObject({
        service_account: expect.stringContaining('google_service_account') as string,
        shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
        workload_metadata_config: { mode: 'GKE_METADATA' },
      });
    }
  });

  it('lets the services of Google use its keys, each its own', () => {
    expect(
      every(build(), 'google_kms_crypto_key_iam_member').map(({ crypto_key_id, member }) => [
        String(crypto_key_id).includes('SecretsKey') ? 'secrets' : 'disks',
        member,
      ]),
    ).toEqual([
      ['disks', 'serviceAccount:service-123456789012@compute-system.iam.gserviceaccount.com'],
      ['secrets', 'serviceAccount:service-123456789012@container-engine-robot.iam.gserviceaccount.com'],
    ]);
  });

  it('takes further pools of nodes', () => {
    const stack = synth(({ cluster }) => {
      cluster().addNodePool('large', { machineType: 'n2-highmem-16', maxNodes: 2 });
    })['dev/cluster'];
    expect(every(stack, POOL).map(({ name }) => name)).toContain('large');
  });

  it('has one node, or as many as it always has, and the smallest disk, where that is asked for', () => {
    expect(
      sizes(build({ minNodes: 2, maxNodes: 2, diskSizeGiB: 20 }, { overrides: { spotShare: 1 } })),
    ).toEqual({
      'on-demand': { min: 2, max: 2, spot: false },
    });
  });

  it.each<[GkeNodePoolProps, string]>([
    [{ minNodes: -1, maxNodes: 1 }, 'minNodes cannot be -1.'],
    [{ minNodes: 0.5, maxNodes: 1 }, 'minNodes cannot be 0.5.'],
    [{ maxNodes: 0 }, 'maxNodes cannot be 0.'],
    [{ maxNodes: 1.5 }, 'maxNodes cannot be 1.5.'],
    [{ minNodes: 3, maxNodes: 2 }, 'maxNodes cannot be 2.'],
  ])('refuses a further pool of %j', (props, message) => {
    expect(() => synth(({ cluster }) => void cluster().addNodePool('large', props))).toThrow(
      `dev-cluster/cluster/large: ${message}`,
    );
  });

  it('makes nodes of a pool that may be empty when they are needed, of another one at once', () => {
    const stack = synth(({ cluster }) => {
      const made = cluster();
      made.addNodePool('empty', { maxNodes: 1 });
      made.addNodePool('Spots', { minNodes: 1, maxNodes: 1, spot: true });
    })['dev/cluster'];
    const pools = Object.fromEntries(every(stack, POOL).map((pool) => [pool.name, pool]));
    expect(pools).toMatchObject({
      empty: { initial_node_count: 0, autoscaling: { location_policy: 'BALANCED' } },
      spots: { initial_node_count: 1, autoscaling: { location_policy: 'ANY' } },
    });
  });

  it('says who pods are to Google Cloud', () => {
    let member: unknown;
    synth(({ cluster }) => {
      member = cluster().memberOf('dev-mlflow', 'mlflow').member;
    });
    expect(member).toBe(
      'principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/demo-project.svc.id.goog/subject/ns/dev-mlflow/sa/mlflow',
    );
  });

  it.each([
    [{ minNodes: 0 }, 'dev-cluster/cluster: minNodes cannot be 0.'],
    [{ minNodes: 1.5 }, 'dev-cluster/cluster: minNodes cannot be 1.5.'],
    [{ diskSizeGiB: 19 }, 'dev-cluster/cluster/on-demand: diskSizeGiB cannot be 19.'],
    [{ diskSizeGiB: 20.5 }, 'dev-cluster/cluster/on-demand: diskSizeGiB cannot be 20.5.'],
    [{ minNodes: 3, maxNodes: 2 }, 'dev-cluster/cluster: maxNodes cannot be 2.'],
    [{ maxNodes: 2.5 }, 'dev-cluster/cluster: maxNodes cannot be 2.5.'],
    [{ diskSizeGiB: 5 }, 'dev-cluster/cluster/on-demand: diskSizeGiB cannot be 5.'],
  ])('refuses %p', (props, message) => {
    expect(() => build(props)).toThrow(message);
  });

  it('refuses keys of another region', () => {
    const elsewhere = new GoogleProject({
      projectId: 'demo-project',
      projectNumber: '123456789012',
      region: 'us-central1',
    });
    expect(() =>
      synth(({ subnetwork, stack }) => {
        const keyRing = new KeyRing(stack('keys'), 'keys', { project: elsewhere });
        new GkeCluster(stack('other'), 'cluster', { subnetwork: subnetwork(), keyRing });
      }),
    ).toThrow(
      'dev-other/cluster: the key ring is in demo-project/us-central1, not in demo-project/europe-west3.',
    );
  });
});
