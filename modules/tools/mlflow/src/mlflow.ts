import {
  exportService,
  MountPath,
  runsContainers,
  Stack,
  text,
  type Container,
  type Endpoint,
  type PostgresLogin,
  type RunningWorkload,
  type Secret,
  type Text,
  type Value,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { authConfig } from './auth-config';
import {
  halfGateway,
  invalidDatabaseName,
  invalidPort,
  invalidStartSeconds,
  invalidWorkers,
  oidcWithoutImage,
  oidcWithoutUrl,
} from './errors';
import type { MlflowProps } from './mlflow-props';
import { checkOidc, oidcPeers, oidcVariables } from './oidc';
import { replicasOf } from './replicas';
import { START_PATH, START_SCRIPT } from './start-script';
import { MLFLOW_IMAGE, MLFLOW_REQUIREMENTS, OIDC_REQUIREMENT } from './versions';

/** Where the server finds its users' database and its first administrator. */
export const AUTH_CONFIG_PATH = '/etc/mlflow/basic-auth.ini';

/** SQLAlchemy's name of PostgreSQL with the driver that is installed. */
const DATABASE_SCHEME = 'postgresql+psycopg2';

/** An MLflow tracking server whose users log in. */
export class Mlflow extends Construct {
  public readonly endpoint: Endpoint;
  /** First administrator; none with `oidc`, where a group says who administers. */
  public readonly adminUsername?: string;
  public readonly adminPassword?: Secret;
  public readonly workload: RunningWorkload;

  public constructor(scope: Construct, id: string, props: MlflowProps) {
    super(scope, id);
    const { platform, database, oidc, gateway, hostname } = props;
    const { path } = this.node;
    const stack = Stack.ofConstruct(this);
    const inContainer = runsContainers(platform);
    const onKubernetes = platform.platformKind === 'kubernetes';
    const port = props.port ?? 5000;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidPort(path, port);
    const workers = props.workers ?? (onKubernetes ? 1 : stack.profile.replicas);
    if (!Number.isInteger(workers) || workers < 1) throw invalidWorkers(path, workers);
    const startSeconds = props.startSeconds ?? 300;
    if (!Number.isInteger(startSeconds) || startSeconds < 30) throw invalidStartSeconds(path, startSeconds);
    if (gateway === undefined && hostname !== undefined) throw halfGateway(path, 'hostname');
    if (gateway !== undefined && hostname === undefined) throw halfGateway(path, 'gateway');
    if (oidc) checkOidc(path, oidc);
    if (oidc && inContainer && props.image === undefined) {
      throw oidcWithoutImage(path, MLFLOW_IMAGE, OIDC_REQUIREMENT);
    }
    const replicas = replicasOf(path, props, stack.profile);
    const databaseName =
      props.databaseName ?? `${id}_${stack.stackKey.stage}`.toLowerCase().replace(/-/g, '_');
    if (!/^[a-z][a-z0-9_]{0,57}$/.test(databaseName)) throw invalidDatabaseName(path, databaseName);

    const route =
      gateway && hostname !== undefined
        ? { gateway, hostname, url: gateway.urlOf(hostname), hosts: gateway.hostHeaders(hostname) }
        : undefined;
    const tracking = database.addDatabase(this, 'TrackingDatabase', { name: databaseName });
    const sessionKey = platform.generateSecret(this, 'SessionKey', { length: 64 });
    const encryptionPassphrase = platform.generateSecret(this, 'EncryptionPassphrase', { length: 64 });
    const login = oidc
      ? this.oidcLogin(props, databaseName, sessionKey, route?.url)
      : this.basicLogin(props, databaseName);
    const identity = platform.addIdentity(this, 'Identity');
    const artifacts = props.artifacts.grantReadWrite(identity);
    const origins = webOrigins(props.corsAllowedOrigins ?? [], route?.url);

    this.workload = platform.run(this, 'Resource', {
      identity,
      ...(onKubernetes ? replicas : {}),
      connectsTo: [
        ...tracking.peers,
        ...login.users.peers,
        ...artifacts.peers,
        ...(oidc ? oidcPeers(oidc) : []),
        ...(props.connectsTo ?? []),
      ],
      containers: {
        server: {
          image: props.image ?? MLFLOW_IMAGE,
          program: {
            kind: 'python',
            requirements: [...MLFLOW_REQUIREMENTS, ...(oidc ? [OIDC_REQUIREMENT] : [])],
          },
          command: [
            ...['python', new MountPath(START_PATH)],
            ...['mlflow', 'server'],
            ...['--app-name', login.app],
            ...['--host', platform.listenAddress],
            ...['--port', String(port)],
            ...['--workers', String(workers)],
            '--serve-artifacts',
            ...['--artifacts-destination', artifacts.uri],
          ],
          variables: {
            ...artifacts.variables,
            ...(artifacts.s3 ? { MLFLOW_S3_ENDPOINT_URL: artifacts.s3.endpoint } : {}),
            MLFLOW_BACKEND_STORE_URI: tracking.url(DATABASE_SCHEME),
            ...login.variables,
            MLFLOW_FLASK_SERVER_SECRET_KEY: sessionKey,
            MLFLOW_CRYPTO_KEK_PASSPHRASE: encryptionPassphrase,
            MLFLOW_SERVER_ALLOWED_HOSTS: (
              props.allowedHosts ?? [
                ...platform.hostHeaders(this, 'Resource', { name: 'server.http', port }),
                ...(route?.hosts ?? []),
              ]
            ).join(','),
            ...(origins === '' ? {} : { MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: origins }),
            MLFLOW_SERVER_ENABLE_JOB_EXECUTION: String(props.jobExecution ?? false),
            MLFLOW_DISABLE_TELEMETRY: 'true',
            DO_NOT_TRACK: 'true',
          },
          files: { [START_PATH]: START_SCRIPT, ...login.files },
          ports: { http: { port, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/health', startSeconds },
          resources: { cpuMillis: 500, memoryMiB: 512 + 256 * workers },
        },
      },
    });
    this.endpoint = this.workload.endpoints['server.http']!;
    this.adminUsername = login.adminUsername;
    this.adminPassword = login.adminPassword;
    if (route) route.gateway.addRoute(this, 'Route', { hostname: route.hostname, endpoint: this.endpoint });
    exportService(this, {
      name: props.serviceName ?? 'mlflow',
      url: route?.url ?? this.endpoint.outsideUrl ?? this.endpoint.url,
      username: login.adminUsername,
      password: login.adminPassword,
    });
  }

  /** Names and passwords, which MLflow keeps itself. */
  private basicLogin({ platform, database, defaultPermission }: MlflowProps, databaseName: string): Login {
    const users = database.addDatabase(this, 'AuthDatabase', { name: `${databaseName}_auth` });
    const adminUsername = 'admin';
    const adminPassword = platform.generateSecret(this, 'AdminPassword');
    const config = authConfig({
      databaseUri: users.url(DATABASE_SCHEME),
      defaultPermission: defaultPermission ?? 'READ',
      adminUsername,
      adminPassword,
    });
    return {
      app: 'basic-auth',
      users,
      variables: { MLFLOW_AUTH_CONFIG_PATH: new MountPath(AUTH_CONFIG_PATH) },
      files: { [AUTH_CONFIG_PATH]: config },
      adminUsername,
      adminPassword,
    };
  }

  /** Users of a provider. Their permissions are in tables of other shape, so in a database of their own. */
  private oidcLogin(props: MlflowProps, databaseName: string, sessionKey: Secret, routeUrl?: Text): Login {
    const oidc = props.oidc!;
    const publicUrl = oidc.publicUrl === undefined ? routeUrl : text`${oidc.publicUrl}`;
    if (publicUrl === undefined) throw oidcWithoutUrl(this.node.path);
    const users = props.database.addDatabase(this, 'OidcDatabase', { name: `${databaseName}_oidc` });
    const variables = oidcVariables(oidc, {
      publicUrl,
      behindGateway: routeUrl !== undefined,
      databaseUri: users.url(DATABASE_SCHEME),
      sessionKey,
      defaultPermission: props.defaultPermission ?? 'NO_PERMISSIONS',
    });
    return { app: 'oidc-auth', users, variables };
  }
}

/** How users log in. */
interface Login extends Pick<Container, 'variables' | 'files'> {
  /** Name of the app of `mlflow server`. */
  readonly app: string;
  /** Database of users and permissions. */
  readonly users: PostgresLogin;
  readonly adminUsername?: string;
  readonly adminPassword?: Secret;
}

/** With commas, as MLflow reads them. */
function webOrigins(given: readonly string[], own?: Text): Value {
  const list = given.join(',');
  if (own === undefined) return list;
  return list === '' ? own : text`${list},${own}`;
}
