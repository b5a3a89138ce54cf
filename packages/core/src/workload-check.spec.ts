import { Token } from 'cdktf';
import { MlterraError } from './errors';
import { exportOutputs } from './outputs';
import { build, demo } from './testing/synth';
import { MountPath, Secret, text, type Value } from './value';
import type { Container, Workload } from './workload';
import { checkTask, checkWorkload, type CheckWorkloadProps } from './workload-check';

const container: Container = { image: 'example.org/demo:v1', command: ['demo'] };
const http = { port: 8080, protocol: 'http' } as const;

function check(workload: Partial<Workload>, props?: CheckWorkloadProps): void {
  checkWorkload('dev-tool/Demo', { containers: { server: container }, ...workload }, props);
}

function checkContainer(changes: Partial<Container>, props?: CheckWorkloadProps): void {
  check({ containers: { first: container, server: { ...container, ...changes } } }, props);
}

/** The error that `run` throws. */
function thrownBy(run: () => void): MlterraError {
  try {
    run();
  } catch (error) {
    if (error instanceof MlterraError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function withSecret(use: (secret: Secret) => void): void {
  build(
    demo((stack) => {
      use(new Secret(exportOutputs(stack('main'), { reference: 'secrets/key' }).reference));
    }),
  );
}

describe('checkWorkload', () => {
  it('takes a workload with everything in it', () => {
    expect.assertions(1);
    withSecret((secret) => {
      const workload: Workload = {
        replicas: 2,
        containers: {
          server: {
            ...container,
            program: { kind: 'python', requirements: ['demo==1.0'] },
            command: ['demo', text`--config=${new MountPath('/etc/demo.ini')}`],
            variables: { _KEY1: secret, DATA: new MountPath('/data') },
            files: { '/etc/demo.ini': text`key=${secret}\ndata=${new MountPath('/data')}` },
            volumes: { '/data': { name: 'data', sizeGiB: 1 } },
            ports: { http: { port: 65_535, protocol: 'http' }, low: { port: 1, protocol: 'tcp' } },
            probe: { port: 'http' },
          },
          side: { ...container, command: [] },
        },
      };
      expect(() => checkWorkload('dev-tool/Demo', workload)).not.toThrow();
    });
  });

  it.each<[string, Partial<Workload>, string, string]>([
    [
      'no container',
      { containers: {} },
      'workload-containers-missing',
      'dev-tool/Demo: the workload has no container.\n  expected: at least one in `containers`',
    ],
    [
      'a container that is no name',
      { containers: { Server: container } },
      'name-invalid',
      'dev-tool/Demo: "Server" is not a name for a container.',
    ],
    ...[0, -1, 1.5, NaN].map((replicas): [string, Partial<Workload>, string, string] => [
      `${replicas} replicas`,
      { replicas },
      'workload-replicas-invalid',
      `dev-tool/Demo: the workload cannot have ${replicas} replicas.\n  expected: a whole number, at least 1`,
    ]),
  ])('refuses %s', (_, workload, code, message) => {
    const error = thrownBy(() => check(workload));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it.each<[string, Partial<Container>, string, string]>([
    [
      'a program that is not started',
      { program: { kind: 'python', requirements: ['demo==1.0'] }, command: [] },
      'workload-command-empty',
      'the command of the container "server" is empty.\n  expected: a program and its arguments',
    ],
    ...['A-B', '1ST', ''].map((name): [string, Partial<Container>, string, string] => [
      `a variable named "${name}"`,
      { variables: { [name]: 'x' } },
      'workload-variable-invalid',
      `"${name}" cannot name a variable of the container "server".\n  expected: letters, digits and underscores`,
    ]),
    [
      'a volume that is only a name',
      { volumes: { '/data': 'data' as never } },
      'workload-volume-invalid',
      'what is mounted at /data is not a volume.\n  expected: { name, sizeGiB }, e.g. { name: "data", sizeGiB: 1 }',
    ],
    [
      'a volume that is no name',
      { volumes: { '/data': { name: '../data', sizeGiB: 1 } } },
      'name-invalid',
      '"../data" is not a name for a volume.',
    ],
    ...[0, 0.5, NaN].map((sizeGiB): [string, Partial<Container>, string, string] => [
      `a volume of ${sizeGiB} GiB`,
      { volumes: { '/data': { name: 'data', sizeGiB } } },
      'workload-volume-size-invalid',
      `the volume "data" cannot have ${sizeGiB} GiB.\n  expected: a whole number, at least 1`,
    ]),
    ...[0, -1, 80.5, 65_536, NaN].map((port): [string, Partial<Container>, string, string] => [
      `the port ${port}`,
      { ports: { http, other: { port, protocol: 'tcp' } } },
      'workload-port-invalid',
      `the container "server" cannot listen on port ${port}.\n  expected: a whole number from 1 to 65535`,
    ]),
    [
      'a port that only an apply knows',
      { ports: { http: { port: Token.asNumber('${terraform_data.db.output}'), protocol: 'http' } } },
      'workload-port-unknown',
      'the port "http" of the container "server" is a value that only an apply knows.',
    ],
    ...['https', 'constructor'].map((port): [string, Partial<Container>, string, string] => [
      `a probe of the unknown port "${port}"`,
      { ports: { http }, probe: { port } },
      'workload-probe-port-unknown',
      `the probe of the container "server" asks the port "${port}", which it does not have.\n  expected: the name of one of its \`ports\``,
    ]),
    [
      'a probe that asks nothing',
      { ports: { http }, probe: { startSeconds: 5 } },
      'workload-probe-empty',
      'the probe of the container "server" asks nothing.',
    ],
  ])('refuses %s', (_, changes, code, message) => {
    const error = thrownBy(() => checkContainer(changes));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`dev-tool/Demo: ${message}`);
  });

  it.each<[string, (value: Value) => Partial<Container>]>([
    ['the command', (value) => ({ command: ['demo', value] })],
    ['a variable', (value) => ({ variables: { FILE: value } })],
    ['a file', (value) => ({ files: { '/etc/demo.ini': value } })],
  ])('refuses an unknown mount path in %s', (_, changes) => {
    for (const value of [new MountPath('/no'), text`see ${new MountPath('/no')}`]) {
      const error = thrownBy(() => checkContainer(changes(value)));
      expect(error.code).toBe('workload-mount-unknown');
      expect(error.message).toContain(
        'dev-tool/Demo: the container "server" refers to the mount path /no, which it does not have.\n  expected: a key of `files` or `volumes` of the same container',
      );
    }
  });

  it('refuses the mount path of another container', () => {
    const containers = {
      owner: { ...container, files: { '/etc/demo.ini': '' } },
      other: { ...container, command: ['demo', new MountPath('/etc/demo.ini')] },
    };
    expect(() => check({ containers })).toThrow(
      'the container "other" refers to the mount path /etc/demo.ini, which it does not have.',
    );
  });

  it('takes a mount path that the platform provides, and no other', () => {
    class OwnFolder extends MountPath {}
    const props = { providesMount: (mount: MountPath) => mount instanceof OwnFolder };
    const command = ['demo', text`file://${new OwnFolder('/objects')}`];
    expect(() => checkContainer({ command }, props)).not.toThrow();
    expect(() => checkContainer({ command })).toThrow('refers to the mount path /objects');
    expect(() => checkContainer({ command: [new MountPath('/objects')] }, props)).toThrow(
      'refers to the mount path /objects',
    );
  });

  it('refuses a secret in the command', () => {
    expect.assertions(4);
    withSecret((secret) => {
      for (const value of [secret, text`--key=${secret}`]) {
        const error = thrownBy(() => checkContainer({ command: ['demo', value] }));
        expect(error.code).toBe('workload-secret-in-command');
        expect(error.message).toBe(
          'dev-tool/Demo: the command of the container "server" holds a secret.\n' +
            '  expected: arguments without secrets: whoever may list the processes or pods can read them\n' +
            '  to do:    pass the secret by a variable or a file',
        );
      }
    });
  });

  it('lets containers share a volume, and refuses two volumes of one name otherwise', () => {
    const volume = { name: 'data', sizeGiB: 1 };
    const message = 'dev-tool/Demo: the workload has two volumes named "data" that are not the same.';
    expect(() => checkContainer({ volumes: { '/a': volume, '/b': volume } })).toThrow(message);
    const container = { image: 'example.org/demo:v1', command: [], volumes: { '/a': volume } };
    check({ containers: { one: container, two: container } });
    const larger = { ...container, volumes: { '/a': { ...volume, sizeGiB: 2 } } };
    expect(() => check({ containers: { one: container, two: larger } })).toThrow(message);
  });

  it('refuses containers of different users on one volume', () => {
    const volumes = { '/a': { name: 'data', sizeGiB: 1 } };
    const one = { ...container, volumes };
    const other = { ...one, userId: 999 };
    const error = thrownBy(() => check({ containers: { one, other } }));
    expect(error.code).toBe('workload-volume-users');
    expect(error.message).toBe(
      'dev-tool/Demo: the containers that share the volume "data" run as different users: 65532 and 999.\n' +
        '  expected: one `userId` for all containers on a volume: only its owner may enter it\n' +
        '  to do:    give them the same `userId`, or a volume each',
    );
    check({ containers: { one, same: { ...one, userId: 65_532 }, without: { ...container, userId: 999 } } });
    check({ containers: { one, other: { ...other, volumes: { '/a': { name: 'other', sizeGiB: 1 } } } } });
  });

  it.each([
    ['minReplicas', { minReplicas: 0 }],
    ['maxReplicas', { maxReplicas: 2 }],
    ['cpuPercent', { cpuPercent: 101 }],
    ['memoryPercent', { memoryPercent: 0 }],
  ])('refuses to scale with a wrong %s', (name, wrong) => {
    const containers = { one: { image: 'example.org/demo:v1', command: [] } };
    const scaling = { minReplicas: 3, maxReplicas: 50, cpuPercent: 70, memoryPercent: 80 };
    check({ containers, scaling });
    const message = `dev-tool/Demo: the workload cannot scale with ${name} ${Object.values(wrong)[0]}.`;
    expect(() => check({ containers, scaling: { ...scaling, ...wrong } })).toThrow(message);
  });

  it.each([
    ['minReplicas', { minReplicas: 1.5 }],
    ['maxReplicas', { maxReplicas: 3.5 }],
    ['cpuPercent', { cpuPercent: 0 }],
    ['cpuPercent', { cpuPercent: 50.5 }],
    ['memoryPercent', { memoryPercent: 101 }],
  ])('refuses to scale with a %s of %j', (name, wrong) => {
    const scaling = { minReplicas: 3, maxReplicas: 3, cpuPercent: 100, memoryPercent: 100, ...wrong };
    expect(() => check({ scaling })).toThrow(
      `the workload cannot scale with ${name} ${Object.values(wrong)[0]}.`,
    );
  });

  it('scales between equal numbers, by all of the cpu and without memory', () => {
    expect(() => check({ scaling: { minReplicas: 3, maxReplicas: 3, cpuPercent: 100 } })).not.toThrow();
    expect(() =>
      check({ scaling: { minReplicas: 1, maxReplicas: 2, cpuPercent: 1, memoryPercent: 100 } }),
    ).not.toThrow();
  });

  it('scales what has volumes to one replica only, whichever container has them', () => {
    const withVolume = { ...container, volumes: { '/a': { name: 'data', sizeGiB: 1 } } };
    const containers = { one: { ...container, volumes: {} }, two: container, three: withVolume };
    const scaling = { minReplicas: 1, maxReplicas: 1, cpuPercent: 70 };
    expect(() => check({ containers, scaling })).not.toThrow();
    expect(() => check({ containers, scaling: { ...scaling, maxReplicas: 2 } })).toThrow(
      'a workload with volumes cannot have more than one replica.',
    );
    const { one, two } = containers;
    expect(() => check({ containers: { one, two }, scaling: { ...scaling, maxReplicas: 2 } })).not.toThrow();
  });

  it.each(['/', 'a', '/a/', '/a//b', '/a:b', '/a/../b', '/..', '', ' /a', '//a'])(
    'mounts neither file nor volume at %j',
    (mount) => {
      const message = `nothing can be mounted at ${JSON.stringify(mount)} in the container "server"`;
      expect(() => checkContainer({ files: { '/ok': '', [mount]: '' } })).toThrow(message);
      const volumes = { '/ok': { name: 'ok', sizeGiB: 1 }, [mount]: { name: 'data', sizeGiB: 1 } };
      expect(() => checkContainer({ volumes })).toThrow(message);
    },
  );

  it.each(['/a', '/a/b.c/d-e', '/..a', '/a..', '/a b'])('mounts a file at %j', (mount) => {
    expect(() => checkContainer({ files: { [mount]: '' } })).not.toThrow();
  });

  it.each(['A B', ' A', 'A ', 'A=', 'Ä', '9'])('refuses the variable %j beside a good one', (name) => {
    expect(() => checkContainer({ variables: { GOOD_1: 'x', [name]: 'x' } })).toThrow(
      `${JSON.stringify(name)} cannot name a variable of the container "server".`,
    );
  });

  it.each([
    ['a command alone', { probe: { command: ['check'] } }],
    ['a port alone', { ports: { http }, probe: { port: 'http' } }],
    ['a command, whatever the ports are', { ports: { http }, probe: { command: ['check'] } }],
  ])('takes a probe of %s', (_, changes) => {
    expect(() => checkContainer(changes)).not.toThrow();
  });

  it('refuses a probe of a port that another container has, or that it has not beside a command', () => {
    const containers = {
      one: { ...container, ports: { http } },
      two: { ...container, probe: { port: 'http' } },
    };
    expect(() => check({ containers })).toThrow('the probe of the container "two" asks the port "http"');
    expect(() => checkContainer({ probe: { port: 'http', command: ['check'] } })).toThrow(
      'asks the port "http", which it does not have',
    );
  });

  it.each([0, -1, 1.5])('refuses the user %d of any container', (userId) => {
    expect(() => checkContainer({ userId })).toThrow(
      `the container "server" cannot run as the user ${userId}.`,
    );
    expect(() => checkContainer({ userId: 1 })).not.toThrow();
  });

  it('refuses an image without a tag in any container', () => {
    expect(() => checkContainer({ image: 'demo' })).toThrow('the image "demo" of the container "server"');
  });

  it('refuses to scale what has volumes', () => {
    const container = {
      image: 'example.org/demo:v1',
      command: [],
      volumes: { '/a': { name: 'data', sizeGiB: 1 } },
    };
    const scaling = { minReplicas: 1, maxReplicas: 2, cpuPercent: 70 };
    expect(() => check({ containers: { one: container }, scaling })).toThrow(
      'dev-tool/Demo: a workload with volumes cannot have more than one replica.',
    );
  });
});

describe('checkTask', () => {
  const task = { image: 'example.org/demo:v1', command: ['demo'] };

  it('takes a task', () => {
    expect(() =>
      checkTask('dev-tool/Demo', {
        ...task,
        files: { '/run/demo.sql': 'select 1' },
        variables: { FILE: new MountPath('/run/demo.sql') },
        timeoutSeconds: 60,
        userId: 999,
      }),
    ).not.toThrow();
  });

  it('refuses a secret in the command, and takes one in a variable', () => {
    expect.assertions(2);
    withSecret((secret) => {
      expect(() => checkTask('dev-tool/Demo', { ...task, command: ['demo', text`--key=${secret}`] })).toThrow(
        'dev-tool/Demo: the command of the container "task" holds a secret.',
      );
      expect(() => checkTask('dev-tool/Demo', { ...task, variables: { KEY: secret } })).not.toThrow();
    });
  });

  it.each([
    ['no command', { command: [] }, 'the command of the container "task" is empty'],
    [
      'an image without a tag',
      { image: 'demo' },
      'the image "demo" of the container "task" names no release',
    ],
    ['root', { userId: 0 }, 'the container "task" cannot run as the user 0'],
    ['a part of a second', { timeoutSeconds: 0.5 }, 'the task cannot end after 0.5 seconds'],
    ['no time', { timeoutSeconds: 0 }, 'the task cannot end after 0 seconds'],
    ['a relative file', { files: { 'a/b': '' } }, 'nothing can be mounted at "a/b" in the container "task"'],
    [
      'an unknown mount',
      { variables: { A: new MountPath('/b') } },
      'the container "task" refers to the mount path /b, which it does not have',
    ],
    ['a bad variable', { variables: { 'A-B': '' } }, '"A-B" cannot name a variable of the container "task"'],
  ])('refuses %s', (_, changes, message) => {
    expect(thrownBy(() => checkTask('dev-tool/Demo', { ...task, ...changes })).message).toContain(
      `dev-tool/Demo: ${message}`,
    );
  });
});
