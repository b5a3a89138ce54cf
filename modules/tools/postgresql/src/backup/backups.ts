import {
  MountPath,
  Stack,
  workloadName,
  type Container,
  type ContainerPlatform,
  type Endpoint,
  type ObjectStore,
  type Resources,
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { CREATE_PATH, CREATE_SCRIPT } from '../database-script';
import { backupsInvalid } from '../errors';
import { POSTGRESQL_IMAGE, POSTGRESQL_USER_ID, RCLONE_IMAGE } from '../versions';
import { DUMP_SCRIPT } from './dump-script';
import { HEALTH_SCRIPT } from './health-script';
import { BACKUP_VOLUME, DUMP_PATH, HEALTH_PATH, ROLE_PATH, UPLOAD_PATH } from './paths';
import { BACKUP_ROLE, ROLE_SQL } from './role-script';
import { UPLOAD_SCRIPT } from './upload-script';

/** Dumps of all databases of a server in an object store. */
export interface PostgresqlBackups {
  /** Where they go: the folder `postgresql/<stage>-<stack>-<server>` in it. */
  readonly store: ObjectStore;
  /** Hours from one to the next; the first is made at once, and one more soon after a database is added. @default 24 */
  readonly everyHours?: number;
  /** How long they are kept; the newest is never removed. @default - as the profile says */
  readonly retentionDays?: number;
  /**
   * Encrypts them before they leave. Without this key nobody can read them: keep it where it survives the state.
   * @default - not encrypted, beside what the store does itself
   */
  readonly encryptionKey?: Secret;
}

export interface BackupsProps {
  readonly platform: ContainerPlatform;
  readonly endpoint: Endpoint;
  readonly superuser: string;
  readonly superuserPassword: Secret;
  readonly diskSizeGiB: number;
  readonly backups: PostgresqlBackups;
}

/** How long a server, a store or a role may take to come, and a program that failed until it ends. */
const WAIT_SECONDS = 300;
const PAUSE_SECONDS = 60;

const DEFAULT_HOURS = 24;

const RESOURCES: Resources = { cpuMillis: 100, memoryMiB: 256 };

/** A workload that dumps the databases of a server, as a role that can only read, and uploads what it dumped. */
export class Backups extends Construct {
  public constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    const { platform, endpoint, backups } = props;
    const { path } = this.node;
    const stack = Stack.ofConstruct(this);
    const { everyHours = DEFAULT_HOURS, retentionDays = stack.profile.retentionDays } = backups;
    for (const [name, count] of Object.entries({ everyHours, retentionDays })) {
      if (!Number.isInteger(count) || count < 1) throw backupsInvalid(path, name, count);
    }

    const password = this.addRole(props);
    const identity = platform.addIdentity(this, 'Identity');
    const access = backups.store.grantReadWrite(identity);
    const { stage, stack: stackName } = stack.stackKey;
    const shared: Pick<Container, 'userId' | 'volumes' | 'resources'> = {
      userId: POSTGRESQL_USER_ID,
      volumes: { [BACKUP_VOLUME]: { name: 'backups', sizeGiB: props.diskSizeGiB } },
      resources: RESOURCES,
    };
    const times = {
      EVERY_HOURS: String(everyHours),
      WAIT_SECONDS: String(WAIT_SECONDS),
      PAUSE_SECONDS: String(PAUSE_SECONDS),
    };
    const probe = (program: string): Container['probe'] => ({
      command: ['sh', HEALTH_PATH, program],
      startSeconds: WAIT_SECONDS + PAUSE_SECONDS,
    });
    platform.run(this, 'Resource', {
      identity,
      containers: {
        dump: {
          ...shared,
          image: POSTGRESQL_IMAGE,
          command: ['sh', new MountPath(DUMP_PATH)],
          variables: {
            PGHOST: endpoint.host,
            PGPORT: endpoint.port,
            PGUSER: BACKUP_ROLE,
            PGPASSWORD: password,
            PGDATABASE: 'postgres',
            PGCONNECT_TIMEOUT: '5',
            PGAPPNAME: 'mlterra backup',
            ...times,
          },
          files: { [DUMP_PATH]: DUMP_SCRIPT, [HEALTH_PATH]: HEALTH_SCRIPT },
          probe: probe('dump'),
        },
        upload: {
          ...shared,
          image: RCLONE_IMAGE,
          command: ['sh', new MountPath(UPLOAD_PATH), 'run'],
          variables: {
            ...access.variables,
            STORE_URI: access.uri,
            ...(access.s3 === undefined ? {} : { STORE_ENDPOINT: access.s3.endpoint }),
            PREFIX: `postgresql/${stage}-${stackName}-${workloadName(scope)}`,
            RETENTION_DAYS: String(retentionDays),
            ...(backups.encryptionKey === undefined ? {} : { ENCRYPTION_KEY: backups.encryptionKey }),
            ...times,
          },
          files: { [UPLOAD_PATH]: UPLOAD_SCRIPT, [HEALTH_PATH]: HEALTH_SCRIPT },
          probe: probe('upload'),
        },
      },
      connectsTo: [...endpoint.peers, ...access.peers],
    });
  }

  /** The role that dumps. */
  private addRole({ platform, endpoint, superuser, superuserPassword }: BackupsProps): Secret {
    const role = new Construct(this, 'Role');
    const password = platform.generateSecret(role, 'Password');
    platform.runTask(role, 'Resource', {
      image: POSTGRESQL_IMAGE,
      userId: POSTGRESQL_USER_ID,
      command: ['sh', new MountPath(CREATE_PATH), new MountPath(ROLE_PATH)],
      variables: {
        PGHOST: endpoint.host,
        PGPORT: endpoint.port,
        PGUSER: superuser,
        PGPASSWORD: superuserPassword,
        PGDATABASE: 'postgres',
        PGCONNECT_TIMEOUT: '5',
        PGAPPNAME: 'mlterra',
        BACKUP_PASSWORD: password,
        BACKUP_MARK: `mlterra: ${Stack.ofConstruct(this).key}`,
        WAIT_SECONDS: String(WAIT_SECONDS),
      },
      files: { [CREATE_PATH]: CREATE_SCRIPT, [ROLE_PATH]: ROLE_SQL },
      timeoutSeconds: WAIT_SECONDS + PAUSE_SECONDS,
      connectsTo: endpoint.peers,
    });
    return password;
  }
}
