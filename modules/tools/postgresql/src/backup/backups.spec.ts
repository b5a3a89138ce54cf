import { holdsSecret, type Workload } from '@mlterra/core';
import { RecordingCluster, RecordingHost, RecordingPlatform, synthStack } from '@mlterra/testing';
import { Postgresql } from '../postgresql';
import type { PostgresqlBackups } from './backups';

function synth(
  backups: Partial<PostgresqlBackups> = {},
  platform: RecordingPlatform = new RecordingPlatform(),
  profile?: 'production',
): { backup: Workload; platform: RecordingPlatform } {
  synthStack(
    (scope) => {
      const store = platform.addObjectStore(scope, 'backups');
      new Postgresql(scope, 'postgresql', { platform, diskSizeGiB: 7, backups: { store, ...backups } });
    },
    { profile },
  );
  return { backup: platform.workloads[1]!, platform };
}

describe('backups of a server in a container', () => {
  it('are made by two programs that share a volume as large as that of the data', () => {
    const { dump, upload } = synth().backup.containers;
    for (const container of [dump!, upload!]) {
      expect(container.volumes).toEqual({ '/backups': { name: 'backups', sizeGiB: 7 } });
      expect(container.userId).toBe(999);
      expect(container.probe!.command).toHaveLength(3);
    }
    expect([dump!.image, upload!.image].map((image) => image.split(':')[0])).toEqual([
      'docker.io/library/postgres',
      'docker.io/rclone/rclone',
    ]);
  });

  it('know no password of the administrator, and keep their own out of commands', () => {
    const { backup, platform } = synth();
    const { dump, upload } = backup.containers;
    const secrets = [dump!, upload!].map(({ variables = {} }) =>
      Object.keys(variables).filter((name) => holdsSecret(variables[name]!)),
    );
    expect(secrets).toEqual([['PGPASSWORD'], ['AWS_SECRET_ACCESS_KEY']]);
    const [role] = platform.tasks;
    expect(dump!.variables!['PGUSER']).toBe('mlterra_backup');
    expect(dump!.variables!['PGPASSWORD']).toBe(role!.variables!['BACKUP_PASSWORD']);
    expect(dump!.variables!['PGPASSWORD']).not.toBe(role!.variables!['PGPASSWORD']);
  });

  it('are kept as long as the profile says, each day, unless told otherwise', () => {
    const times = (...args: Parameters<typeof synth>): unknown[] => {
      const { EVERY_HOURS: hours, RETENTION_DAYS: days } = synth(...args).backup.containers.upload!
        .variables!;
      return [hours, days];
    };
    expect(times()).toEqual(['24', '3']);
    expect(times({}, undefined, 'production')).toEqual(['24', '30']);
    expect(times({ everyHours: 6, retentionDays: 90 })).toEqual(['6', '90']);
  });

  it('have a folder of their own in the store', () => {
    expect(synth().backup.containers.upload!.variables!['PREFIX']).toBe('postgresql/dev-main-postgresql');
  });

  it('reach the server and the store, and say so', () => {
    let recorded: RecordingCluster | undefined;
    synthStack(
      (scope) => {
        recorded = new RecordingCluster(scope);
        const store = recorded.addObjectStore(scope, 'backups');
        new Postgresql(scope, 'postgresql', { platform: recorded, backups: { store } });
      },
      { profile: 'production' },
    );
    expect(recorded!.workloads[1]!.connectsTo!.map(({ kind }) => kind)).toEqual(['pods', 'addresses']);
  });

  it.each([
    ['everyHours', 0],
    ['everyHours', 1.5],
    ['retentionDays', 0],
  ])('refuse %s: %p', (name, count) => {
    expect(() => synth({ [name]: count })).toThrow(
      `dev-main/postgresql/Backup: \`backups.${name}\` cannot be ${count}.`,
    );
  });

  it('are not made by a process on a host, which says so', () => {
    const host = new RecordingHost();
    expect(() =>
      synthStack((scope) => {
        const store = host.addObjectStore(scope, 'backups');
        new Postgresql(scope, 'postgresql', { platform: host, backups: { store } });
      }),
    ).toThrow('dev-main/postgresql: PostgreSQL as a process on a host makes no backups.');
  });
});
