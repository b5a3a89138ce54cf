import { errorProblems } from '@mlterra/testing';
import * as errors from './errors';

const path = 'dev-app/Server';

describe('errors', () => {
  it('each say what was given, and what to do', () => {
    expect(
      errorProblems(errors, {
        duplicateProcess: [path, 'mlflow'],
        duplicatePort: [path, 5510, 'mlflow'],
        programMissing: [path, 'web'],
        probePathInvalid: [path, 'web', '/a b'],
        databaseNameInvalid: [path, 'pg_x'],
        specMissing: [],
        dataFolderUnusable: ['/srv/data', 'EACCES'],
        dataFolderOwned: ['/srv/data', 'alice', 'mlflow'],
        dataFolderMoved: ['/srv/before', '/srv/now'],
        accountUnusable: ['mlflow', 'it has no home'],
        dropFailed: ['mlflow'],
        pythonMissing: ['mlflow', ['python3: 3.8', 'uv: missing']],
        installFailed: ['mlflow==3.0', 'no route to host'],
        unpackFailed: ['/opt/postgres', '/srv/data', 'ENOSPC'],
        programNotInstalled: ['server', 'mlflw', ['mlflow==3.0', 'boto3==1.40']],
        supervisorFailed: ['start', 'no such file'],
        portInUse: [5510, 'server', 'nginx (pid 7)'],
        portForbidden: [80, 'server', 'mlflow'],
        portTaken: [5510, 'server', 'other'],
        processFailed: ['server', 'is STOPPED', '/srv/log', 'Traceback'],
        postgresMissing: [18, 'no folder'],
        postgresVersionChanged: ['/srv/data', '17', 18],
        databaseUnreachable: ['tracking', '127.0.0.1', '5432', 'ECONNREFUSED'],
        databaseOwned: ['tracking', 'demo/dev/other', 'demo/dev/tool'],
        secretMissing: ['secrets/admin'],
        lockTimeout: ['the data folder'],
      }),
    ).toEqual([]);
  });

  it('show what a program printed, indented, and nothing where it printed nothing', () => {
    const failed = errors.processFailed('server', 'is STOPPED', '/srv/log', 'one\ntwo\n').message;
    expect(failed).toContain('is STOPPED.\n  its last words:\n    one\n    two\n  log:      /srv/log');
    expect(errors.processFailed('server', 'is STOPPED', '/srv/log', '').message).toMatch(
      /is STOPPED\.\n {2}log: {6}\/srv\/log/,
    );
    expect(errors.installFailed('mlflow', 'one\ntwo\n').message).toContain('failed:\n    one\n    two\n  ');
  });

  it('of a port in use name its holder where that is known', () => {
    expect(errors.portInUse(5510, 'server', undefined).message).toContain('is in use.');
    expect(errors.portInUse(5510, 'server', 'nginx').message).toContain('is in use by nginx.');
  });
});
