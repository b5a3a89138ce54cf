import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall';
import { ComputeRegionAutoscaler } from '@cdktf/provider-google/lib/compute-region-autoscaler';
import { ComputeRegionHealthCheck } from '@cdktf/provider-google/lib/compute-region-health-check';
import { ComputeRegionInstanceGroupManager } from '@cdktf/provider-google/lib/compute-region-instance-group-manager';
import { ComputeRegionInstanceTemplate } from '@cdktf/provider-google/lib/compute-region-instance-template';
import {
  exportOutputs,
  Stack,
  text,
  type Identity,
  type MachineGroup,
  type OpenPortProps,
  type StackOutput,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { clientRange } from './cidr';
import { EncryptionKey } from './encryption-key';
import { diskSizeInvalid, machineCountInvalid, portInvalid, regionsDiffer, sourceMissing } from './errors';
import type { GoogleProject } from './google-project';
import type { KeyRing } from './key-ring';
import { MachineAccount } from './machine-account';
import { resourceName, shorten } from './resource-name';
import { serviceAgents } from './service-agents';
import type { Subnetwork } from './subnetwork';

/** Where Google's health checks come from. */
const PROBER_RANGES = ['35.191.0.0/16', '130.211.0.0/22'];

/** Container-Optimized OS: Docker and cloud-init, little else, and it updates itself. */
const DEFAULT_IMAGE = 'projects/cos-cloud/global/images/family/cos-stable';

const MACHINE_ROLES = ['roles/logging.logWriter', 'roles/monitoring.metricWriter'];

/** Zones of a group where the project names none: Google takes three. */
const DEFAULT_ZONES = 3;

export interface MachineHealthCheck {
  readonly port: number;
  /** Path that answers 200. @default - a connection is enough */
  readonly httpPath?: string;
  /** How long a machine may take from its start until it answers, in seconds. @default 300 */
  readonly startSeconds?: number;
}

export interface ComputeInstanceGroupProps {
  /** Where machines have their addresses. */
  readonly subnetwork: Subnetwork;
  /** Where the key for the disks is made. */
  readonly keyRing: KeyRing;
  /** What is asked whether a machine is well; one that is not is replaced. */
  readonly healthCheck: MachineHealthCheck;
  /** What cloud-init does at the first start. It can be read by everyone on the machine: no secrets. @default - nothing */
  readonly userData?: string;
  /** @default "e2-standard-2" */
  readonly machineType?: string;
  /** Image or image family that has cloud-init. @default - Container-Optimized OS, stable */
  readonly image?: string;
  /** Machines that always run, over all zones. @default - the profile's replicas: 1 in development, 3 in production */
  readonly minMachines?: number;
  /** Machines at most, over all zones. @default 3 * minMachines */
  readonly maxMachines?: number;
  /** Boot disk of each machine. @default 50 */
  readonly diskSizeGiB?: number;
  /** Cheap machines that Google may take away at any time. @default false */
  readonly spot?: boolean;
}

/**
 * Virtual machines in several zones, without public addresses and with nothing open but what {@link openPort}
 * opens. Machines that fail their health check are replaced, and all of them one by one when the group changes.
 */
export class ComputeInstanceGroup extends Construct implements MachineGroup {
  public readonly identity: Identity;
  /** The raw resource. */
  public readonly resource: ComputeRegionInstanceGroupManager;
  private readonly project: GoogleProject;
  private readonly networkId: StackOutput;
  private readonly accountEmail: StackOutput;

  public constructor(scope: Construct, id: string, props: ComputeInstanceGroupProps) {
    super(scope, id);
    const { path } = this.node;
    const { subnetwork, keyRing, healthCheck } = props;
    this.project = subnetwork.network.project;
    this.networkId = subnetwork.network.networkId;
    const { projectId: project, region, zones } = this.project;
    if (!keyRing.project.equals(this.project)) {
      throw regionsDiffer(path, 'key ring', keyRing.project.toString(), this.project.toString());
    }
    assertPort(path, healthCheck.port);
    const diskSizeGb = props.diskSizeGiB ?? 50;
    if (!Number.isInteger(diskSizeGb) || diskSizeGb < 10) throw diskSizeInvalid(path, diskSizeGb, 10);
    const minReplicas = props.minMachines ?? Stack.ofConstruct(this).profile.replicas;
    if (!Number.isInteger(minReplicas) || minReplicas < 1) {
      throw machineCountInvalid(path, 'minMachines', minReplicas, 'a whole number, at least 1');
    }
    const maxReplicas = props.maxMachines ?? 3 * minReplicas;
    if (!Number.isInteger(maxReplicas) || maxReplicas < minReplicas) {
      throw machineCountInvalid(
        path,
        'maxMachines',
        maxReplicas,
        `a whole number, at least minMachines (${minReplicas})`,
      );
    }
    this.project.configure(this);
    const name = resourceName(this, 54);

    const key = new EncryptionKey(this, 'DisksKey', {
      keyRing,
      usedBy: { compute: serviceAgents.compute(this.project) },
    });
    const account = new MachineAccount(this, 'Machines', {
      project: this.project,
      displayName: `Machines of ${name}`,
      roles: MACHINE_ROLES,
    });
    const template = new ComputeRegionInstanceTemplate(this, 'Template', {
      // A template cannot be changed: a new one, under a new name, is there before the old one goes.
      namePrefix: `${shorten(name, 36)}-`,
      lifecycle: { createBeforeDestroy: true },
      project,
      region,
      machineType: props.machineType ?? 'e2-standard-2',
      disk: [
        {
          boot: true,
          autoDelete: true,
          sourceImage: props.image ?? DEFAULT_IMAGE,
          diskType: 'pd-balanced',
          diskSizeGb,
          diskEncryptionKey: { kmsKeySelfLink: key.keyId },
        },
      ],
      networkInterface: [{ subnetwork: subnetwork.subnetworkId.at(this) }],
      serviceAccount: {
        email: account.email,
        scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
      shieldedInstanceConfig: {
        enableSecureBoot: true,
        enableVtpm: true,
        enableIntegrityMonitoring: true,
      },
      scheduling:
        props.spot === true
          ? {
              preemptible: true,
              provisioningModel: 'SPOT',
              automaticRestart: false,
              onHostMaintenance: 'TERMINATE',
              instanceTerminationAction: 'DELETE',
            }
          : { provisioningModel: 'STANDARD', automaticRestart: true, onHostMaintenance: 'MIGRATE' },
      metadata: {
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'serial-port-enable': 'FALSE',
        'disable-legacy-endpoints': 'TRUE',
        'google-logging-enabled': 'true',
        ...(props.userData === undefined ? {} : { 'user-data': props.userData }),
      },
      dependsOn: [...key.grants, ...account.grants],
    });
    const check = new ComputeRegionHealthCheck(this, 'HealthCheck', {
      name: `${name}-health`,
      project,
      region,
      checkIntervalSec: 10,
      timeoutSec: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 6,
      ...(healthCheck.httpPath === undefined
        ? { tcpHealthCheck: { port: healthCheck.port } }
        : { httpHealthCheck: { port: healthCheck.port, requestPath: healthCheck.httpPath } }),
      logConfig: { enable: true },
    });
    new ComputeFirewall(this, 'AllowHealthCheck', {
      name: `${name}-health`,
      project,
      network: this.networkId.at(this),
      direction: 'INGRESS',
      sourceRanges: PROBER_RANGES,
      targetServiceAccounts: [account.email],
      allow: [{ protocol: 'tcp', ports: [String(healthCheck.port)] }],
      logConfig: { metadata: 'INCLUDE_ALL_METADATA' },
    });
    this.resource = new ComputeRegionInstanceGroupManager(this, 'Resource', {
      name,
      project,
      region,
      baseInstanceName: shorten(name, 54),
      distributionPolicyZones: zones && [...zones],
      version: [{ instanceTemplate: template.selfLink }],
      autoHealingPolicies: { healthCheck: check.id, initialDelaySec: healthCheck.startSeconds ?? 300 },
      updatePolicy: {
        type: 'PROACTIVE',
        minimalAction: 'REPLACE',
        replacementMethod: 'SUBSTITUTE',
        // Google wants at least one for every zone, or none.
        maxSurgeFixed: zones?.length ?? DEFAULT_ZONES,
        maxUnavailableFixed: 0,
      },
      instanceLifecyclePolicy: { forceUpdateOnRepair: 'YES' },
    });
    new ComputeRegionAutoscaler(this, 'Autoscaler', {
      name: `${name}-size`,
      project,
      region,
      target: this.resource.id,
      autoscalingPolicy: {
        minReplicas,
        maxReplicas,
        cooldownPeriod: 120,
        cpuUtilization: { target: 0.7 },
      },
    });

    this.accountEmail = exportOutputs(this, { accountEmail: account.email }).accountEmail;
    this.identity = {
      scope: this,
      name,
      principal: { cloud: 'gcp', member: text`serviceAccount:${this.accountEmail}` },
    };
  }

  public openPort(scope: Construct, id: string, props: OpenPortProps): void {
    const rule = new Construct(scope, id);
    const { path } = rule.node;
    assertPort(path, props.port.port);
    if (props.from.length === 0) throw sourceMissing(path);
    for (const cidr of props.from) clientRange(path, 'from', cidr);
    this.project.configure(rule);
    new ComputeFirewall(rule, 'Resource', {
      name: resourceName(rule, 63),
      project: this.project.projectId,
      network: this.networkId.at(rule),
      direction: 'INGRESS',
      sourceRanges: [...props.from],
      targetServiceAccounts: [this.accountEmail.at(rule)],
      allow: [{ protocol: 'tcp', ports: [String(props.port.port)] }],
      logConfig: { metadata: 'INCLUDE_ALL_METADATA' },
    });
  }
}

function assertPort(path: string, port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw portInvalid(path, port);
}
