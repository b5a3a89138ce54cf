import type { ClusterFacts, Rehearsed } from '@mlterra/testing/contracts';
import { isOwnAccount } from './accounts';
import { block, blockAt, blocks, booleanOf, numberOf, texts, type Block } from './blocks';
import { encryptedBy } from './encryption';

const INTERNET = '0.0.0.0/0';

const NODE_ROLES = ['roles/container.defaultNodeServiceAccount'];

/** Clusters of GKE, with what their pools of nodes have in common. */
export function clusters(stage: Rehearsed): readonly ClusterFacts[] {
  return stage.resources('google_container_cluster').map(({ address, values }) => {
    const pools = stage
      .resources('google_container_node_pool')
      .filter((pool) => pool.values.cluster === values.name || pool.values.cluster === values.id)
      .map((pool) => pool.values);
    const everyPool = (holds: (pool: Block, nodes: Block) => boolean): boolean | undefined =>
      pools.length === 0 ? undefined : pools.every((pool) => holds(pool, block(pool, 'node_config') ?? {}));
    return {
      address,
      privateNodes:
        block(values, 'private_cluster_config')?.enable_private_nodes === true &&
        everyPool((pool) => block(pool, 'network_config')?.enable_private_nodes === true),
      apiServerOpenTo: apiServerOpenTo(values),
      secretsEncrypted: blocks(values, 'database_encryption').some(
        ({ state, key_name }) =>
          state === 'ENCRYPTED' && encryptedBy(stage, key_name, 'container-engine-robot'),
      ),
      nodeDisksEncrypted: everyPool((_, nodes) =>
        encryptedBy(stage, nodes.boot_disk_kms_key, 'compute-system'),
      ),
      autoscaling: autoscaling(pools),
      workloadIdentity:
        block(values, 'workload_identity_config')?.workload_pool ===
          `${String(values.project)}.svc.id.goog` &&
        everyPool((_, nodes) => block(nodes, 'workload_metadata_config')?.mode === 'GKE_METADATA'),
      ownNodeIdentity: everyPool((_, nodes) => isOwnAccount(stage, nodes.service_account, NODE_ROLES)),
      networkPolicyEnforced: values.datapath_provider === 'ADVANCED_DATAPATH',
      autoUpgrade: everyPool((pool) => {
        const management = block(pool, 'management');
        return management?.auto_repair === true && management.auto_upgrade === true;
      }),
      auditLog: texts(block(values, 'logging_config')?.enable_components).includes('APISERVER'),
      verifiedBoot:
        values.enable_shielded_nodes === true &&
        everyPool((_, nodes) => {
          const shielded = block(nodes, 'shielded_instance_config');
          return shielded?.enable_secure_boot === true && shielded.enable_integrity_monitoring === true;
        }),
      deletionProtection: booleanOf(values.deletion_protection),
      legacyAuthenticationOff:
        values.enable_legacy_abac === false &&
        blockAt(values, 'master_auth', 'client_certificate_config')?.issue_client_certificate === false &&
        block(values, 'anonymous_authentication_config')?.mode === 'LIMITED',
    };
  });
}

function apiServerOpenTo(cluster: Block): readonly string[] | undefined {
  const endpoints = block(cluster, 'control_plane_endpoints_config');
  if (block(endpoints ?? {}, 'dns_endpoint_config')?.allow_external_traffic === true) return [INTERNET];
  if (block(cluster, 'private_cluster_config')?.enable_private_endpoint === true) return [];
  const networks = block(cluster, 'master_authorized_networks_config');
  if (networks === undefined || networks.gcp_public_cidrs_access_enabled !== false) return [INTERNET];
  return blocks(networks, 'cidr_blocks').map(({ cidr_block }) => String(cidr_block));
}

function autoscaling(pools: readonly Block[]): ClusterFacts['autoscaling'] {
  let minNodes = 0;
  let maxNodes = 0;
  for (const pool of pools) {
    const limits = block(pool, 'autoscaling');
    const least = numberOf(limits?.total_min_node_count);
    const most = numberOf(limits?.total_max_node_count);
    if (least === undefined || most === undefined) return undefined;
    minNodes += least;
    maxNodes += most;
  }
  return pools.length === 0 ? undefined : { minNodes, maxNodes };
}
