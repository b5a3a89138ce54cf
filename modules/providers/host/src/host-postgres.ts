import {
  exportOutputs,
  text,
  type Endpoint,
  type HostPostgresProps,
  type HostPostgresServer,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type Secret,
  type StackOutput,
  type Text,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { databaseNameInvalid } from './errors';
import { HostSecret } from './host-secret';
import { HostStack } from './host-stack';
import { logBackups } from './host-workload';
import { LOOPBACK } from './loopback';

const SUPERUSER = 'postgres';
const START_SECONDS = 120;

/** A shutdown writes a checkpoint. */
const STOP_GRACE_SECONDS = 60;

/** A PostgreSQL server as a supervised process, its data in the data folder. */
export class HostPostgres extends Construct implements HostPostgresServer {
  public readonly endpoint: Endpoint;
  public readonly superuser = SUPERUSER;
  public readonly superuserPassword: Secret;
  private readonly outputs: Readonly<Record<'host' | 'port' | 'user', StackOutput>>;

  public constructor(
    scope: Construct,
    id: string,
    props: HostPostgresProps,
    public readonly majorVersion: number,
  ) {
    super(scope, id);
    const stack = HostStack.of(this);
    const password = new HostSecret(this, 'Password');
    this.superuserPassword = password.secret;
    this.outputs = exportOutputs(this, { host: LOOPBACK, port: props.port, user: SUPERUSER });
    const { host, port } = this.outputs;
    this.endpoint = { host, port, url: text`postgresql://${host}:${port}`, peers: [] };
    stack.addProcess(this.node.path, {
      name: 'postgres',
      program: {
        kind: 'postgres',
        majorVersion,
        superuser: SUPERUSER,
        password: password.reference,
        folder: `${stack.place('volumes', this)}/data`,
        port: props.port,
      },
      command: [],
      variables: [],
      files: [],
      volumes: [],
      ports: [{ name: 'postgres', port: props.port }],
      probe: { kind: 'tcp', port: props.port, httpPath: '', startSeconds: START_SECONDS },
      stopGraceSeconds: STOP_GRACE_SECONDS,
      logBackups: logBackups(this),
    });
  }

  public addDatabase(scope: Construct, id: string, props: PostgresDatabaseProps): PostgresLogin {
    const part = new Construct(scope, id);
    if (!/^(?!pg_)[a-z][a-z0-9_]{0,62}$/.test(props.name))
      throw databaseNameInvalid(part.node.path, props.name);
    const password = new HostSecret(part, 'Password');
    HostStack.of(part).addDatabase({
      name: props.name,
      password: password.reference,
      host: this.outputs.host.at(part),
      port: this.outputs.port.at(part),
      superuser: this.outputs.user.at(part),
      superuserPassword: this.superuserPassword.referenceAt(part),
    });
    const { host, port } = this.outputs;
    return {
      host,
      port,
      database: props.name,
      user: props.name,
      password: password.secret,
      peers: [],
      url: (scheme = 'postgresql'): Text =>
        text`${scheme}://${props.name}:${password.secret}@${host}:${port}/${props.name}`,
    };
  }
}
