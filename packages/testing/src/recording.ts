import {
  checkWorkload,
  exportOutputs,
  MountPath,
  renderLiteral,
  Secret,
  StackOutput,
  text,
  valueParts,
  type Container,
  type Endpoint,
  type HostPostgresProps,
  type HostPostgresServer,
  type Identity,
  type ObjectStore,
  type Peer,
  type Platform,
  type PlatformKind,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type RunningWorkload,
  type Task,
  type Value,
  type Workload,
  type WorkloadPort,
} from '@mlterra/core';
import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';

export const LOOPBACK = '127.0.0.1';

/**
 * A platform on which nothing runs: what a tool asks of it becomes a readable `terraform_data`, so that the spec of a tool
 * needs no provider. A workload that no platform would run is refused. Secrets read `<secret …>`, mount paths
 * `<mount …>`. It offers a PostgreSQL server and object stores too, as recorded as the rest.
 */
export abstract class Recording implements Platform {
  public abstract readonly platformKind: PlatformKind;
  public abstract readonly listenAddress: string;
  private readonly recorded: Workload[] = [];

  /** The workloads that were given to {@link run}, in order. */
  public get workloads(): readonly Workload[] {
    return this.recorded;
  }

  public abstract hostHeaders(scope: Construct, id: string, port: WorkloadPort): readonly string[];

  /** Where clients find what runs for a construct. */
  protected abstract hostOf(construct: Construct): string;

  /** What is recorded beside a workload. */
  protected details?(run: Construct, workload: Workload): object;

  /** What clients of a workload connect to. */
  protected peersOf?(run: Construct, port: number): readonly Peer[];

  /** Where the database server answers, and what its clients connect to. */
  public get server(): { readonly host: string; peersAt(port: number): readonly Peer[] } {
    return { host: LOOPBACK, peersAt: () => [] };
  }

  public run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    const run = new Construct(scope, id);
    checkWorkload(run.node.path, workload);
    this.recorded.push(workload);
    record(run, 'Resource', {
      workload: Object.fromEntries(
        Object.entries(workload.containers).map(([name, container]) => [name, renderProgram(run, container)]),
      ),
      ...this.details?.(run, workload),
    });
    const host = this.hostOf(run);
    const endpoints: Record<string, Endpoint> = {};
    for (const [name, container] of Object.entries(workload.containers)) {
      for (const [port, { port: number, protocol }] of Object.entries(container.ports ?? {})) {
        endpoints[`${name}.${port}`] = endpoint(
          new Construct(run, `${name}-${port}`),
          host,
          number,
          protocol,
          this.peersOf?.(run, number) ?? [],
        );
      }
    }
    return { endpoints };
  }

  public addIdentity(scope: Construct, id: string): Identity {
    return { scope: new Construct(scope, id), name: id.toLowerCase() };
  }

  public generateSecret(scope: Construct, id: string): Secret {
    const secret = new Construct(scope, id);
    return new Secret(exportOutputs(secret, { reference: `secrets/${secret.node.path}` }).reference);
  }

  public addPostgres(scope: Construct, id: string, props: HostPostgresProps): HostPostgresServer {
    return new RecordingPostgres(this, scope, id, props);
  }

  public addObjectStore(scope: Construct, id: string): ObjectStore {
    const store = new Construct(scope, id);
    const { uri } = exportOutputs(store, { uri: `file:///objects/${store.node.path}` });
    return { grantReadWrite: () => ({ uri, variables: {}, peers: [] }) };
  }
}

class RecordingPostgres extends Construct implements HostPostgresServer {
  public readonly majorVersion = 18;
  public readonly superuser = 'postgres';
  public readonly superuserPassword: Secret;
  public readonly endpoint: Endpoint;

  public constructor(
    private readonly platform: Recording,
    scope: Construct,
    id: string,
    props: HostPostgresProps,
  ) {
    super(scope, id);
    const { host, peersAt } = platform.server;
    record(this, 'Resource', { postgres: { ...(host === LOOPBACK ? {} : { host }), port: props.port } });
    this.superuserPassword = platform.generateSecret(this, 'Superuser');
    this.endpoint = endpoint(this, host, props.port, 'postgresql', peersAt(props.port));
  }

  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    const construct = new Construct(scope, id);
    const { host, port } = this.endpoint;
    const login = {
      host,
      port,
      database: props.name,
      user: props.name,
      password: this.platform.generateSecret(construct, 'Password'),
    };
    record(construct, 'Resource', {
      database: {
        name: login.database,
        server: host.at(construct),
        port: port.at(construct),
        password: login.password.referenceAt(construct),
      },
    });
    return {
      ...login,
      peers: this.endpoint.peers,
      url: (scheme = 'postgresql') =>
        text`${scheme}://${login.user}:${login.password}@${host}:${port}/${login.database}`,
    };
  }
}

function endpoint(
  scope: Construct,
  host: string,
  port: number,
  protocol: string,
  peers: readonly Peer[],
): Endpoint {
  const outputs = exportOutputs(scope, { host, port });
  return { ...outputs, url: text`${protocol}://${outputs.host}:${outputs.port}`, peers };
}

/** Puts something readable into the stack. */
export function record(scope: Construct, id: string, input: unknown): void {
  new TerraformResource(scope, id, { terraformResourceType: 'terraform_data' }).addOverride('input', input);
}

/** A container or a task with every reference readable. */
export function renderProgram(scope: Construct, container: Container | Task): object {
  const { connectsTo: _, ...program } = container as Task;
  return {
    ...program,
    command: container.command.map((part) => render(scope, part)),
    ...(container.variables ? { variables: renderAll(scope, container.variables) } : {}),
    ...(container.files ? { files: renderAll(scope, container.files) } : {}),
  };
}

function renderAll(scope: Construct, values: Readonly<Record<string, Value>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, render(scope, value)]));
}

/** A value with every reference readable. */
export function render(scope: Construct, value: Value): string {
  return valueParts(value)
    .map((part) => {
      if (part instanceof Secret) return `<secret ${part.referenceAt(scope)}>`;
      if (part instanceof MountPath) return `<mount ${part.path}>`;
      if (part instanceof StackOutput) return part.at(scope);
      return renderLiteral(part);
    })
    .join('');
}
