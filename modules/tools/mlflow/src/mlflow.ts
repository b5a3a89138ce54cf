import {
  exportService,
  MountPath,
  runsContainers,
  Stack,
  type Endpoint,
  type ObjectStore,
  type Platform,
  type PostgresDatabase,
  type RunningWorkload,
  type Secret,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { authConfig, type DefaultPermission } from './auth-config';
import { invalidDatabaseName, invalidPort, invalidWorkers } from './errors';
import { START_PATH, START_SCRIPT } from './start-script';
import { MLFLOW_IMAGE, MLFLOW_REQUIREMENTS } from './versions';

export interface MlflowProps {
  /** Where the server runs. */
  readonly platform: Platform;
  /** Server for the tracking database and the database of users and permissions. */
  readonly database: PostgresDatabase;
  /** Where artifacts are kept. Clients reach them through the server and need no access of their own. */
  readonly artifacts: ObjectStore;
  /**
   * Image, on platforms that run images, with the PostgreSQL driver and the client of the object store in it.
   * @default - MLflow's own, with all extras
   */
  readonly image?: string;
  /** Port the server listens on. @default 5000 */
  readonly port?: number;
  /**
   * Server processes in each replica, about 250 MiB each.
   * @default - 1 on Kubernetes, which runs replicas; elsewhere the profile's replicas: 1 in development
   */
  readonly workers?: number;
  /**
   * Names by which clients reach the server, as in the `Host` header, with the port unless it is the scheme's
   * own. Others are refused. @default - the platform's names of the server, with the port
   */
  readonly allowedHosts?: readonly string[];
  /** Web origins, beside those on localhost, that may change things. @default - none */
  readonly corsAllowedOrigins?: readonly string[];
  /** What users may do with what nobody granted to them. @default "READ" */
  readonly defaultPermission?: DefaultPermission;
  /** Run job workers beside the server, which evaluations of traces need. @default false */
  readonly jobExecution?: boolean;
  /**
   * Name of the tracking database; the one of users and permissions has `_auth` added.
   * @default - `<construct id>_<stage>`
   */
  readonly databaseName?: string;
  /** Name in the list of services. @default "mlflow" */
  readonly serviceName?: string;
}

/** Where the server finds its users' database and its first administrator. */
export const AUTH_CONFIG_PATH = '/etc/mlflow/basic-auth.ini';

/** An MLflow tracking server whose users log in. */
export class Mlflow extends Construct {
  public readonly endpoint: Endpoint;
  public readonly adminUsername = 'admin';
  public readonly adminPassword: Secret;
  public readonly workload: RunningWorkload;

  public constructor(scope: Construct, id: string, props: MlflowProps) {
    super(scope, id);
    const { platform, database } = props;
    const stack = Stack.ofConstruct(this);
    const port = props.port ?? 5000;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidPort(this.node.path, port);
    const inContainer = runsContainers(platform);
    const onKubernetes = platform.platformKind === 'kubernetes';
    const workers = props.workers ?? (onKubernetes ? 1 : stack.profile.replicas);
    if (!Number.isInteger(workers) || workers < 1) throw invalidWorkers(this.node.path, workers);
    const databaseName =
      props.databaseName ?? `${id}_${stack.stackKey.stage}`.toLowerCase().replace(/-/g, '_');
    if (!/^[a-z][a-z0-9_]{0,57}$/.test(databaseName)) throw invalidDatabaseName(this.node.path, databaseName);

    const tracking = database.addDatabase(this, 'TrackingDatabase', { name: databaseName });
    const users = database.addDatabase(this, 'AuthDatabase', { name: `${databaseName}_auth` });
    this.adminPassword = platform.generateSecret(this, 'AdminPassword');
    const sessionKey = platform.generateSecret(this, 'SessionKey', { length: 64 });
    const encryptionPassphrase = platform.generateSecret(this, 'EncryptionPassphrase', { length: 64 });
    const identity = platform.addIdentity(this, 'Identity');
    const artifacts = props.artifacts.grantReadWrite(identity);

    this.workload = platform.run(this, 'Resource', {
      identity,
      ...(onKubernetes ? { replicas: stack.profile.replicas } : {}),
      containers: {
        server: {
          image: props.image ?? MLFLOW_IMAGE,
          program: { kind: 'python', requirements: MLFLOW_REQUIREMENTS },
          command: [
            ...(inContainer ? ['python', new MountPath(START_PATH)] : []),
            'mlflow',
            'server',
            ...['--app-name', 'basic-auth'],
            ...['--host', platform.listenAddress],
            ...['--port', String(port)],
            ...['--workers', String(workers)],
            '--serve-artifacts',
            ...['--artifacts-destination', artifacts.uri],
          ],
          variables: {
            ...artifacts.variables,
            ...(artifacts.s3 ? { MLFLOW_S3_ENDPOINT_URL: artifacts.s3.endpoint } : {}),
            MLFLOW_BACKEND_STORE_URI: tracking.url('postgresql+psycopg2'),
            MLFLOW_AUTH_CONFIG_PATH: new MountPath(AUTH_CONFIG_PATH),
            MLFLOW_FLASK_SERVER_SECRET_KEY: sessionKey,
            MLFLOW_CRYPTO_KEK_PASSPHRASE: encryptionPassphrase,
            MLFLOW_SERVER_ALLOWED_HOSTS: (
              props.allowedHosts ?? platform.hostHeaders(this, 'Resource', { name: 'server.http', port })
            ).join(','),
            ...(props.corsAllowedOrigins?.length
              ? { MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: props.corsAllowedOrigins.join(',') }
              : {}),
            MLFLOW_SERVER_ENABLE_JOB_EXECUTION: String(props.jobExecution ?? false),
            MLFLOW_DISABLE_TELEMETRY: 'true',
            DO_NOT_TRACK: 'true',
          },
          files: {
            ...(inContainer ? { [START_PATH]: START_SCRIPT } : {}),
            [AUTH_CONFIG_PATH]: authConfig({
              databaseUri: users.url('postgresql+psycopg2'),
              defaultPermission: props.defaultPermission ?? 'READ',
              adminUsername: this.adminUsername,
              adminPassword: this.adminPassword,
            }),
          },
          ports: { http: { port, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/health', startSeconds: 180 },
          resources: { cpuMillis: 500, memoryMiB: 512 + 256 * workers },
        },
      },
    });
    this.endpoint = this.workload.endpoints['server.http']!;
    exportService(this, {
      name: props.serviceName ?? 'mlflow',
      url: this.endpoint.outsideUrl ?? this.endpoint.url,
      username: this.adminUsername,
      password: this.adminPassword,
    });
  }
}
