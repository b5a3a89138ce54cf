import type { HttpGateway, ObjectStore, Peer, Platform, PostgresDatabase, Scaling } from '@mlterra/core';
import type { DefaultPermission } from './auth-config';
import type { OidcProps } from './oidc';

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
   * Servers on Kubernetes, as many as it says; elsewhere there is one.
   * @default - those of the profile, and `scaling`
   */
  readonly replicas?: number;
  /**
   * How servers come and go with the load on Kubernetes; `false`: they do not. Each holds connections to the database.
   * @default - in a profile with several replicas: those to 50, at 70 % of the cpu or 80 % of the memory; else they do not
   */
  readonly scaling?: Scaling | false;
  /**
   * Server processes in each replica, about 250 MiB each.
   * @default - 1 on Kubernetes, which runs replicas; elsewhere the profile's replicas: 1 in development
   */
  readonly workers?: number;
  /** How long the start may take, with the migration of the databases by a new release, in seconds. @default 300 */
  readonly startSeconds?: number;
  /** Way in from outside of the platform, with `hostname`. @default - the platform's own, if any */
  readonly gateway?: HttpGateway;
  /** Name that `gateway` serves, e.g. `mlflow.example.org`. */
  readonly hostname?: string;
  /**
   * Names by which clients reach the server, as in the `Host` header, with the port unless it is the scheme's
   * own. Others are refused. @default - the platform's names of the server, with the port, and that on the gateway
   */
  readonly allowedHosts?: readonly string[];
  /** Web origins, beside those on localhost and of the gateway, that may change things. @default - none */
  readonly corsAllowedOrigins?: readonly string[];
  /** What the server connects to beside its stores, e.g. for webhooks. @default - nothing */
  readonly connectsTo?: readonly Peer[];
  /** Users log in with an OpenID Connect provider. @default - with a name and password that MLflow keeps */
  readonly oidc?: OidcProps;
  /** What users may do with what nobody granted to them. @default "READ", with `oidc` "NO_PERMISSIONS" */
  readonly defaultPermission?: DefaultPermission;
  /** Run job workers beside the server, which evaluations of traces need. @default false */
  readonly jobExecution?: boolean;
  /**
   * Name of the tracking database; the one of users and permissions has `_auth` added, with `oidc` `_oidc`.
   * @default - `<construct id>_<stage>`
   */
  readonly databaseName?: string;
  /** Name in the list of services. @default "mlflow" */
  readonly serviceName?: string;
}
