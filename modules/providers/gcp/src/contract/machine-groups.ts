import type { MachineGroupFacts, Rehearsed } from '@mlterra/testing/contracts';
import { isOwnAccount } from './accounts';
import { block, blocks, numberOf, textOf, texts, type Block } from './blocks';
import { encryptedBy } from './encryption';

const MACHINE_ROLES = ['roles/logging.logWriter', 'roles/monitoring.metricWriter'];

/** Groups of machines, each as its template makes them. */
export function machineGroups(stage: Rehearsed): readonly MachineGroupFacts[] {
  return stage.resources('google_compute_region_instance_group_manager').map(({ address, values }) => {
    const template = templateOf(stage, values);
    const interfaces = template && blocks(template, 'network_interface');
    const account = template && block(template, 'service_account')?.email;
    const metadata = (template?.metadata ?? {}) as Block;
    const shielded = template && block(template, 'shielded_instance_config');
    const limits = autoscalingOf(stage, values);
    const update = block(values, 'update_policy');
    return {
      address,
      publicAddresses:
        interfaces && interfaces.length > 0
          ? interfaces.some(
              (each) =>
                blocks(each, 'access_config').length > 0 || blocks(each, 'ipv6_access_config').length > 0,
            )
          : undefined,
      disksEncrypted:
        template &&
        blocks(template, 'disk').every((disk) =>
          encryptedBy(stage, block(disk, 'disk_encryption_key')?.kms_key_self_link, 'compute-system'),
        ),
      verifiedBoot:
        shielded &&
        shielded.enable_secure_boot === true &&
        shielded.enable_vtpm === true &&
        shielded.enable_integrity_monitoring === true,
      ownIdentity: isOwnAccount(stage, account, MACHINE_ROLES),
      minMachines: numberOf(limits?.min_replicas),
      maxMachines: numberOf(limits?.max_replicas),
      autoHealing: isHealed(stage, values, account),
      rollingUpdate:
        update?.type === 'PROACTIVE' &&
        update.minimal_action === 'REPLACE' &&
        update.max_unavailable_fixed === 0,
      managedLogin: isTrue(metadata['enable-oslogin']) && isTrue(metadata['block-project-ssh-keys']),
      openPorts: openPorts(stage, account),
      userData: textOf(metadata['user-data']),
      serialConsole: isTrue(metadata['serial-port-enable']),
    };
  });
}

function templateOf(stage: Rehearsed, group: Block): Block | undefined {
  const used = block(group, 'version')?.instance_template;
  return stage
    .resources('google_compute_region_instance_template')
    .find(({ values }) => values.self_link === used || values.id === used)?.values;
}

function autoscalingOf(stage: Rehearsed, group: Block): Block | undefined {
  const autoscaler = stage
    .resources('google_compute_region_autoscaler')
    .find(({ values }) => values.target === group.id || values.target === group.self_link);
  return autoscaler && block(autoscaler.values, 'autoscaling_policy');
}

/** A health check heals only what it can reach. */
function isHealed(stage: Rehearsed, group: Block, account: unknown): boolean {
  const used = block(group, 'auto_healing_policies')?.health_check;
  const check = stage
    .resources('google_compute_region_health_check')
    .find(({ values }) => values.id === used || values.self_link === used)?.values;
  if (check === undefined) return false;
  const port = (block(check, 'tcp_health_check') ?? block(check, 'http_health_check'))?.port;
  return openPorts(stage, account).some((open) => open.port === port && open.from.includes('35.191.0.0/16'));
}

/** What the rules of the firewall let in to machines of an account. */
function openPorts(
  stage: Rehearsed,
  account: unknown,
): readonly { readonly port: number; readonly from: readonly string[] }[] {
  return stage
    .resources('google_compute_firewall')
    .filter(
      ({ values }) =>
        values.direction === 'INGRESS' &&
        values.disabled !== true &&
        texts(values.target_tags).length === 0 &&
        (texts(values.target_service_accounts).length === 0 ||
          texts(values.target_service_accounts).includes(String(account))),
    )
    .flatMap(({ values }) =>
      blocks(values, 'allow').flatMap(({ ports }) =>
        texts(ports).map((port) => ({ port: Number(port), from: texts(values.source_ranges) })),
      ),
    );
}

function isTrue(value: unknown): boolean {
  return String(value).toLowerCase() === 'true';
}
