import { errorProblems } from '@mlterra/testing';
import * as errors from './errors';

const path = 'dev-app/Server';

describe('errors', () => {
  it('each say what was given, and what to do', () => {
    expect(
      errorProblems(errors, {
        enginesMixed: [path],
        contextOverrides: ['colima', 'tcp://127.0.0.1:2375'],
        nameTaken: [path, 'demo-dev-app', 'dev-other/Server'],
        replicasUnsupported: [path, 3],
        identityForeign: [path, 'reader'],
        fileMisplaced: [path, 'web', '/data/app.ini', 'a volume is mounted there'],
        fileEmpty: [path, 'web', '/etc/app.ini'],
        portsShared: [path, 'http'],
        imageBuiltLate: [path, 'demo:1', 'dev-other/Server'],
        engineUnreachable: ['unix:///run/docker.sock', 'ENOENT', 'start it'],
        engineMisaddressed: ['docker'],
        provisionMissing: [],
        unhealthy: ['demo', 'it is starting', 'Traceback'],
        taskFailed: ['make', 'ended with 1', 'Traceback'],
        imageUnpullable: ['demo:1', 'denied'],
        portInUse: [5510, 'demo', 'nginx (pid 7)'],
        nameForeign: ['container', 'demo', 'demo/dev/other'],
        outputUnknown: [path, 'web_host'],
        secretForeign: [path],
      }),
    ).toEqual([]);
  });

  it('show the end of a log, indented, or that there is none', () => {
    expect(errors.unhealthy('demo', 'it is starting', 'one\ntwo').message).toContain(
      'it is starting. The end of its log:\n    one\n    two',
    );
    expect(errors.taskFailed('make', 'ended with 1', '').message).toContain(
      'The task make ended with 1. It has written nothing.',
    );
  });
});
