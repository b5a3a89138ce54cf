import {
  exportOutputs,
  exportService,
  imageToPull,
  Stack,
  text,
  workloadName,
  type Endpoint,
  type KubernetesCluster,
  type ObjectStore,
  type Peer,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type Resources,
  type Secret,
  type ValueTree,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { createDatabase } from '../container-database';
import {
  backupsInvalid,
  instancesInvalid,
  pluginMissing,
  recoveryOverwrites,
  scheduleInvalid,
  targetTimeInvalid,
} from '../errors';
import type { PostgresServer } from '../postgresql';
import { serverResources, SUPERUSER } from '../server-settings';
import { OPERAND_IMAGE, OPERAND_MAJOR_VERSION } from '../versions';
import { BarmanStore } from './barman-store';
import { clusterSpec, type BackupSpec, type BarmanMethod } from './cluster-spec';
import type { CloudNativePgOperator } from './operator';

export interface CloudNativePgClusterProps {
  /** What looks after it; its stack comes before that of the server. */
  readonly operator: CloudNativePgOperator;
  /** Servers with the same data, of which one writes. @default - 3 where the profile asks for high availability, else 1 */
  readonly instances?: number;
  /** Size of the volume of each instance. @default 10 */
  readonly diskSizeGiB?: number;
  /** Class of the volumes. @default - the default of the cluster */
  readonly storageClass?: string;
  /**
   * What each instance gets; a quarter of the memory is the server's own cache.
   * @default - 250 mCPU and 512 MiB; where the profile asks for high availability, 1000 mCPU and 2048 MiB
   */
  readonly resources?: Resources;
  /** Copies of the data and of every change of it in an object store. @default - none are made */
  readonly backups?: CloudNativePgBackups;
  /** Begins with the data of a backup; counts when the server is made, and never again. @default - it begins empty */
  readonly recovery?: CloudNativePgRecovery;
  /** Name in the list of services. @default "postgresql" */
  readonly serviceName?: string;
}

export interface CloudNativePgBackups {
  readonly store: ObjectStore;
  /** When whole copies are made, in six fields, the first of them seconds, UTC. @default "0 0 1 * * *", and one at once */
  readonly schedule?: string;
  /** How far back one can go. @default - as the profile says */
  readonly retentionDays?: number;
  /** Name of the folder in the store. @default - that of the server */
  readonly serverName?: string;
  /** By the Barman Cloud plugin, or by the operator itself, which ends with its release 1.31. @default "plugin" */
  readonly method?: BarmanMethod;
}

export interface CloudNativePgRecovery {
  /** Where the backup is. */
  readonly store: ObjectStore;
  /** Name of the folder in it. */
  readonly serverName: string;
  /** The moment whose data it gets, with its zone, e.g. `2026-11-21T17:30:00Z`. @default - the last that is known */
  readonly targetTime?: string;
  /** As of backups. @default "plugin" */
  readonly method?: BarmanMethod;
}

const API = 'postgresql.cnpg.io/v1';
const BARMAN_API = 'barmancloud.cnpg.io/v1';
const PORT = 5432;

/** Where the operator asks an instance how it is, and instances each other. */
const STATUS_PORT = 8000;

const DEFAULT_SCHEDULE = '0 0 1 * * *';
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)$/;

/** The first start of a server: images, volumes, a recovery. */
const WAIT_SECONDS = 1200;

/** Helm leaves it when the release goes: what the operator makes of it, volumes too, goes with it. */
const KEEP = { 'helm.sh/resource-policy': 'keep' };

/** A PostgreSQL server that CloudNativePG runs on a Kubernetes cluster. */
export class CloudNativePgCluster extends Construct implements PostgresServer {
  public readonly majorVersion = OPERAND_MAJOR_VERSION;
  /** The instance that writes. */
  public readonly endpoint: Endpoint;
  /** The administrator of the server, for people; tools log in as the owner of their database. */
  public readonly superuser = SUPERUSER;
  public readonly superuserPassword: Secret;
  /** Name of the resource `Cluster`, in the namespace of the stack. */
  public readonly clusterName: string;
  private readonly platform: KubernetesCluster;

  public constructor(scope: Construct, id: string, props: CloudNativePgClusterProps) {
    super(scope, id);
    const { operator, backups, recovery } = props;
    const { path } = this.node;
    const { platform } = operator;
    const stack = Stack.ofConstruct(this);
    const { profile } = stack;
    const instances = props.instances ?? (profile.highAvailability ? 3 : 1);
    if (!Number.isInteger(instances) || instances < 1) throw instancesInvalid(path, instances);
    const resources = serverResources(path, profile, props.resources);
    this.platform = platform;
    this.clusterName = workloadName(this);
    stack.addDependency(Stack.ofConstruct(operator));
    this.checkBarman(props);

    this.superuserPassword = platform.generateSecret(this, 'Password');
    const login = platform.addSecret(this, 'Login', {
      type: 'kubernetes.io/basic-auth',
      data: { username: SUPERUSER, password: this.superuserPassword },
      labels: { 'cnpg.io/reload': 'true' },
    });
    const stores: BarmanStore[] = [];
    const barmanStore = (part: string, store: ObjectStore): BarmanStore => {
      if (recovery !== undefined && part === 'Recovery' && recovery.store === backups?.store)
        return stores[0]!;
      stores.push(new BarmanStore(this, part, { platform, store, serviceAccount: this.clusterName }));
      return stores.at(-1)!;
    };
    const saved = backups && this.addBackups(backups, barmanStore('Backups', backups.store));
    const recovered =
      recovery && this.addStore('RecoveryStore', recovery, barmanStore('Recovery', recovery.store));
    platform.addObjects(this, 'Resource', [
      {
        apiVersion: API,
        kind: 'Cluster',
        metadata: { name: this.clusterName, annotations: KEEP },
        content: {
          spec: clusterSpec({
            instances,
            image: imageToPull(OPERAND_IMAGE),
            diskSizeGiB: props.diskSizeGiB ?? 10,
            storageClass: props.storageClass,
            resources,
            superuserSecret: login.name,
            backups: saved,
            recovery: recovered && { ...recovered, targetTime: recovery.targetTime },
            variables: stores[0]?.variables ?? [],
          }),
        },
      },
    ]);
    this.addPolicy(
      operator,
      stores.flatMap(({ peers }) => peers),
    );
    this.endpoint = this.exportEndpoint();
    exportService(this, {
      name: props.serviceName ?? 'postgresql',
      url: this.endpoint.url,
      username: this.superuser,
      password: this.superuserPassword,
    });
  }

  /** Makes a database with an owner of its own, in the stack of `scope`. */
  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    return createDatabase(scope, id, {
      platform: this.platform,
      name: props.name,
      host: this.endpoint.host,
      port: this.endpoint.port,
      superuser: this.superuser,
      superuserPassword: this.superuserPassword,
      peers: this.endpoint.peers,
      tls: true,
      waitSeconds: WAIT_SECONDS,
    });
  }

  private checkBarman({ operator, backups, recovery }: CloudNativePgClusterProps): void {
    const { path } = this.node;
    const methods = [backups, recovery].flatMap((each) =>
      each === undefined ? [] : [each.method ?? 'plugin'],
    );
    if (methods.includes('plugin') && !operator.hasBarmanPlugin) throw pluginMissing(path);
    const { schedule = DEFAULT_SCHEDULE, retentionDays = 1, serverName = this.clusterName } = backups ?? {};
    if (schedule.trim().split(/\s+/).length !== 6 && !schedule.startsWith('@'))
      throw scheduleInvalid(path, schedule);
    if (!Number.isInteger(retentionDays) || retentionDays < 1) {
      throw backupsInvalid(path, 'retentionDays', retentionDays);
    }
    if (recovery === undefined) return;
    const { targetTime } = recovery;
    if (targetTime !== undefined && !TIME.test(targetTime)) throw targetTimeInvalid(path, targetTime);
    if (backups !== undefined && backups.store === recovery.store && serverName === recovery.serverName) {
      throw recoveryOverwrites(path, serverName);
    }
  }

  /** The plan of backups, and how the server is told of them. */
  private addBackups(props: CloudNativePgBackups, store: BarmanStore): BackupSpec {
    const spec = this.addStore('BackupStore', props, store);
    const part = new Construct(this, 'Schedule');
    this.platform.addObjects(part, 'Resource', [
      {
        apiVersion: API,
        kind: 'ScheduledBackup',
        metadata: { name: this.clusterName },
        content: {
          spec: {
            schedule: props.schedule ?? DEFAULT_SCHEDULE,
            immediate: true,
            backupOwnerReference: 'self',
            cluster: { name: this.clusterName },
            ...(spec.method === 'plugin'
              ? { method: 'plugin', pluginConfiguration: { name: spec.plugin.name } }
              : { method: 'barmanObjectStore' }),
          },
        },
      },
    ]);
    return spec;
  }

  private addStore(
    id: string,
    props: CloudNativePgBackups | CloudNativePgRecovery,
    store: BarmanStore,
  ): BackupSpec {
    const { serverName = this.clusterName, method = 'plugin' } = props;
    const retentionDays =
      ('retentionDays' in props ? props.retentionDays : undefined) ??
      Stack.ofConstruct(this).profile.retentionDays;
    const retentionPolicy = `${retentionDays}d`;
    if (method === 'in-tree') {
      return { method, store: { ...store.configuration, serverName }, retentionPolicy };
    }
    const part = new Construct(this, id);
    const name = workloadName(part);
    const isBackup = id === 'BackupStore';
    const environment: Record<string, ValueTree> =
      store.variables.length === 0 ? {} : { instanceSidecarConfiguration: { env: store.variables } };
    this.platform.addObjects(part, 'Resource', [
      {
        apiVersion: BARMAN_API,
        kind: 'ObjectStore',
        metadata: { name },
        content: {
          spec: {
            configuration: store.configuration,
            // What a recovery reads belongs to the server that wrote it.
            ...(isBackup ? { retentionPolicy } : {}),
            ...environment,
          },
        },
      },
    ]);
    return {
      method,
      plugin: {
        name: 'barman-cloud.cloudnative-pg.io',
        parameters: { barmanObjectName: name, serverName },
      },
    };
  }

  /** Clients, the operator, and the instances among themselves. */
  private addPolicy({ pods }: CloudNativePgOperator, stores: readonly Peer[]): void {
    const namespace = this.platform.namespaceOf(this);
    const labels = this.labels;
    const { networkPolicy } = Stack.ofConstruct(this).profile;
    const own = { namespace, labels };
    this.platform.addPodPolicy(this, 'Policy', {
      labels,
      ports: [
        { port: PORT, from: networkPolicy === 'strict' ? 'stage' : 'cluster' },
        { port: PORT, from: own },
        { port: PORT, from: pods },
        { port: STATUS_PORT, from: own },
        { port: STATUS_PORT, from: pods },
      ],
      connectsTo: [
        { kind: 'api-server' },
        ...[PORT, STATUS_PORT].map((port): Peer => ({ kind: 'pods', ...own, port })),
        ...stores,
      ],
    });
  }

  private get labels(): Record<string, string> {
    return { 'cnpg.io/cluster': this.clusterName };
  }

  private exportEndpoint(): Endpoint {
    const namespace = this.platform.namespaceOf(this);
    const service = `${this.clusterName}-rw`;
    const { host, port } = exportOutputs(this, { host: `${service}.${namespace}.svc`, port: PORT });
    return {
      host,
      port,
      url: text`postgresql://${host}:${port}`,
      peers: [{ kind: 'pods', namespace, labels: this.labels, port: PORT, service }],
    };
  }
}
