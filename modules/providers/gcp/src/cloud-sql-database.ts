import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret';
import { SecretManagerSecretVersion } from '@cdktf/provider-google/lib/secret-manager-secret-version';
import { SqlDatabase } from '@cdktf/provider-google/lib/sql-database';
import { SqlUser } from '@cdktf/provider-google/lib/sql-user';
import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import {
  stackProvider,
  exportOutputs,
  Secret,
  text,
  type Peer,
  type PostgresDatabaseProps,
  type PostgresLogin,
  type StackOutput,
  type Text,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { databaseNameInvalid } from './errors';
import type { GoogleProject } from './google-project';
import { resourceName } from './resource-name';

const NAME = /^(?!pg_|cloudsql|postgres$)[a-z][a-z0-9_]{0,62}$/;

export interface CloudSqlDatabaseProps extends PostgresDatabaseProps {
  readonly project: GoogleProject;
  readonly instanceName: StackOutput;
  readonly host: StackOutput;
  readonly port: StackOutput;
}

/**
 * A database of a server and its user. The password is made by Terraform and kept in Secret Manager, where people
 * find it: `gcloud secrets versions access latest --secret <name>`. Made by `CloudSqlPostgres.addDatabase`.
 */
export class CloudSqlDatabase extends Construct implements PostgresLogin {
  public readonly host: StackOutput;
  public readonly port: StackOutput;
  public readonly database: string;
  public readonly user: string;
  /** The reference reads `projects/<project>/secrets/<name>`. */
  public readonly password: Secret;
  /** Its address is known at the first apply only. */
  public readonly peers: readonly Peer[] = [{ kind: 'addresses', cidrs: ['0.0.0.0/0'], port: 5432 }];

  public constructor(scope: Construct, id: string, props: CloudSqlDatabaseProps) {
    super(scope, id);
    const { project } = props;
    if (!NAME.test(props.name)) throw databaseNameInvalid(this.node.path, props.name);
    project.configure(this);
    stackProvider(this, 'random', (stack) => new RandomProvider(stack, 'random'));
    this.host = props.host;
    this.port = props.port;
    this.database = props.name;
    this.user = props.name;

    const instance = props.instanceName.at(this);
    const password = new Password(this, 'Password', { length: 32, special: false });
    const database = new SqlDatabase(this, 'Resource', {
      instance,
      project: project.projectId,
      name: this.database,
      deletionPolicy: 'ABANDON',
    });
    const user = new SqlUser(this, 'User', {
      instance,
      project: project.projectId,
      name: this.user,
      password: password.result,
      type: 'BUILT_IN',
      // PostgreSQL does not drop a user who owns tables, and these are kept.
      deletionPolicy: 'ABANDON',
      dependsOn: [database],
    });

    const kept = new SecretManagerSecret(this, 'KeptPassword', {
      secretId: resourceName(this, 255),
      project: project.projectId,
      replication: { userManaged: { replicas: [{ location: project.region }] } },
    });
    new SecretManagerSecretVersion(this, 'KeptPasswordVersion', {
      secret: kept.id,
      secretData: password.result,
    });
    const { reference } = exportOutputs(this, { reference: kept.id });
    // Read from the user, so that whoever has the password finds user and database there.
    const { password: value } = exportOutputs(this, { password: user.password }, { sensitive: true });
    this.password = new Secret(reference, value);
  }

  public url(scheme = 'postgresql'): Text {
    return text`${scheme}://${this.user}:${this.password}@${this.host}:${this.port}/${this.database}?sslmode=require`;
  }
}
