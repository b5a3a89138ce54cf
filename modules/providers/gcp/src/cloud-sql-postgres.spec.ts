import { StackOutput, type PostgresLogin, type Text } from '@mlterra/core';
import type { CloudSqlPostgresProps } from './cloud-sql-postgres';
import { GoogleProject } from './google-project';
import { KeyRing } from './key-ring';
import type { DemoProps } from './testing/demo';
import { every, only, synth } from './testing/synth';

function build(props: Partial<CloudSqlPostgresProps> = {}, stage: DemoProps = {}) {
  return only(synth(({ database }) => void database(props), stage)['dev/database'], SERVER);
}

const SERVER = 'google_sql_database_instance';

function readable(login: PostgresLogin, { parts }: Text): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part === login.password) return '<password>';
      return part instanceof StackOutput ? `<${part.name}>` : '<unexpected>';
    })
    .join('');
}

describe('CloudSqlPostgres', () => {
  it('has a private address only, and takes encrypted connections only', () => {
    expect(build()).toMatchObject({
      settings: {
        ip_configuration: {
          ipv4_enabled: false,
          ssl_mode: 'ENCRYPTED_ONLY',
          private_network: expect.stringContaining('network_privateServicesNetworkId') as string,
        },
      },
    });
  });

  it('is small in development, and has a standby, long backups and protection in production', () => {
    expect(build()).toMatchObject({
      database_version: 'POSTGRES_17',
      deletion_protection: false,
      settings: {
        tier: 'db-custom-1-3840',
        availability_type: 'ZONAL',
        deletion_protection_enabled: false,
        backup_configuration: {
          enabled: true,
          point_in_time_recovery_enabled: true,
          transaction_log_retention_days: 3,
          backup_retention_settings: { retained_backups: 3 },
        },
      },
    });
    expect(build({}, { profile: 'production' })).toMatchObject({
      deletion_protection: true,
      settings: {
        tier: 'db-custom-2-7680',
        availability_type: 'REGIONAL',
        deletion_protection_enabled: true,
        retain_backups_on_delete: true,
        backup_configuration: {
          transaction_log_retention_days: 7,
          backup_retention_settings: { retained_backups: 30 },
        },
      },
    });
  });

  it('lets people log in as themselves when asked', () => {
    const flag = (props: Partial<CloudSqlPostgresProps>): unknown =>
      (build(props).settings as { database_flags: { name: string; value: string }[] }).database_flags.find(
        ({ name }) => name === 'cloudsql.iam_authentication',
      )!.value;
    expect(flag({})).toBe('off');
    expect(flag({ iamAuthentication: true })).toBe('on');
  });

  it.each([
    [{ majorVersion: 12 }, 'dev-database/postgres: Cloud SQL has no PostgreSQL 12.'],
    [{ majorVersion: 17.5 }, 'dev-database/postgres: Cloud SQL has no PostgreSQL 17.5.'],
    [{ diskSizeGiB: 9 }, 'dev-database/postgres: diskSizeGiB cannot be 9.'],
    [{ diskSizeGiB: 10.5 }, 'dev-database/postgres: diskSizeGiB cannot be 10.5.'],
    [{ diskSizeGiB: 5 }, 'dev-database/postgres: diskSizeGiB cannot be 5.'],
  ])('refuses %p', (props, message) => {
    expect(() => build(props)).toThrow(message);
  });
});

describe('CloudSqlPostgres as it is asked for', () => {
  it.each([15, 16, 17])(
    'is of version %d, with the smallest disk and a machine of its own',
    (majorVersion) => {
      const tier = 'db-custom-4-15360';
      expect(build({ majorVersion, diskSizeGiB: 10, tier }, { profile: 'production' })).toMatchObject({
        database_version: `POSTGRES_${majorVersion}`,
        settings: { disk_size: 10, tier },
      });
    },
  );

  it('keeps no backups of a server that may go, and at most a week of logs', () => {
    expect(build({}, { overrides: { retentionDays: 8 } })).toMatchObject({
      settings: {
        retain_backups_on_delete: false,
        backup_configuration: {
          transaction_log_retention_days: 7,
          backup_retention_settings: { retained_backups: 8 },
        },
      },
    });
  });

  it('refuses keys of another project', () => {
    const elsewhere = new GoogleProject({
      projectId: 'other-project',
      projectNumber: '123456789012',
      region: 'europe-west3',
    });
    expect(() =>
      synth(
        ({ database, stack }) =>
          void database({ keyRing: new KeyRing(stack('keys'), 'keys', { project: elsewhere }) }),
      ),
    ).toThrow(
      'dev-database/postgres: the key ring is in other-project/europe-west3, not in demo-project/europe-west3.',
    );
  });
});

describe('addDatabase', () => {
  it('makes a database, its user and a password in the stack of the tool, and keeps them', () => {
    let login: PostgresLogin | undefined;
    const stacks = synth(({ database, stack }) => {
      const tool = stack('tool');
      login = database().addDatabase(tool, 'db', { name: 'tracking' });
    });
    const tool = stacks['dev/tool'];
    const instance = '${data.terraform_remote_state.upstream_dev_database.outputs.postgres_instanceName}';
    expect(only(tool, 'google_sql_database')).toMatchObject({
      name: 'tracking',
      instance,
      deletion_policy: 'ABANDON',
    });
    expect(only(tool, 'google_sql_user')).toMatchObject({
      name: 'tracking',
      instance,
      deletion_policy: 'ABANDON',
      password: expect.stringMatching(/^\$\{random_password\./) as string,
    });
    expect(every(stacks['dev/database'], 'google_sql_user')).toEqual([]);
    expect(login).toMatchObject({ database: 'tracking', user: 'tracking' });
    expect(readable(login!, login!.url('postgresql+psycopg2'))).toBe(
      'postgresql+psycopg2://tracking:<password>@<postgres_host>:<postgres_port>/tracking?sslmode=require',
    );
  });

  it('keeps the password where people find it, and out of every output that is not masked', () => {
    const { 'dev/tool': tool } = synth(({ database, stack }) => {
      database().addDatabase(stack('tool'), 'db', { name: 'tracking' });
    });
    expect(only(tool, 'google_secret_manager_secret')).toMatchObject({ secret_id: 'demo-dev-tool-db' });
    expect(only(tool, 'google_secret_manager_secret_version')).toMatchObject({
      secret_data: expect.stringMatching(/^\$\{random_password\./) as string,
    });
    const open = Object.values(tool!.output!).filter(({ sensitive }) => sensitive !== true);
    expect(JSON.stringify(open)).not.toMatch(/random_password|google_sql_user/);
  });

  it.each(['Tracking', 'my-db', 'pg_stat', 'cloudsqladmin', 'postgres', '', 'x'.repeat(64)])(
    'refuses the name "%s"',
    (name) => {
      expect(() =>
        synth(({ database, stack }) => void database().addDatabase(stack('tool'), 'db', { name })),
      ).toThrow(`dev-tool/db: "${name}" cannot name a database and its user.`);
    },
  );

  it('refuses one name for two databases', () => {
    expect(() =>
      synth(({ database, stack }) => {
        const server = database();
        server.addDatabase(stack('one'), 'db', { name: 'tracking' });
        server.addDatabase(stack('two'), 'db', { name: 'tracking' });
      }),
    ).toThrow('dev-two/db: the server already has the database "tracking", made by dev-one/db.');
  });
});
