import { MountPath, type Container, type Stack } from '@mlterra/core';
import { synthEnvironment, synthStack } from '@mlterra/testing';
import { LocalHost } from './local-host';
import { exampleEnvironment } from './testing/example';

const container: Container = {
  image: 'example.org/demo:v1',
  program: { kind: 'python', requirements: ['demo==1.0'] },
  command: ['demo'],
};

function run(changes: Partial<Container>, more?: (host: LocalHost, stack: Stack) => void) {
  return () =>
    synthStack((stack) => {
      const host = new LocalHost();
      host.run(stack, 'Demo', { containers: { server: { ...container, ...changes } } });
      more?.(host, stack);
    });
}

describe('LocalHost', () => {
  it('makes one resource per stack, and tells other stacks where things are', () => {
    expect(synthEnvironment(exampleEnvironment({ postgres: 15432, web: 15500 }))).toMatchSnapshot();
  });

  it('keeps more log files where the profile keeps things longer', () => {
    const stack = run({})();
    expect(JSON.stringify(stack)).toContain('"logBackups":3');
  });

  it.each<[string, Partial<Container>, string]>([
    [
      'no program',
      { program: undefined },
      'Demo: the container "server" says no program; a host runs no images.',
    ],
    [
      'what no platform runs',
      { variables: { FILE: new MountPath('/etc/nosuch') } },
      'Demo: the container "server" refers to the mount path /etc/nosuch, which it does not have.',
    ],
    [
      'a probe of no plain path',
      { ports: { http: { port: 5000, protocol: 'http' } }, probe: { port: 'http', httpPath: '/a b; c' } },
      'the probe of the container "server" asks "/a b; c", which is no plain URL path.',
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(run(changes)).toThrow(message);
  });

  it('takes the folder of an object store, which no container mounts', () => {
    const stack = synthStack((scope) => {
      const host = new LocalHost();
      const { uri } = host.addObjectStore(scope, 'Objects').grantReadWrite(host.addIdentity(scope, 'Writer'));
      host.run(scope, 'Demo', { containers: { server: { ...container, command: ['demo', uri] } } });
    });
    expect(JSON.stringify(stack)).toContain(
      '"command":[["demo"],["file://",{"folder":"objects/dev/main/Objects"}]]',
    );
  });

  it('refuses two processes of one name, and two on one port', () => {
    const ports = { http: { port: 5000, protocol: 'http' } } as const;
    expect(run({}, (host, stack) => host.run(stack, 'Other', { containers: { server: container } }))).toThrow(
      'Other: the stack already has a process named "server".',
    );
    expect(
      run({ ports }, (host, stack) =>
        host.run(stack, 'Other', { containers: { second: { ...container, ports } } }),
      ),
    ).toThrow('Other: port 5000 is also wanted by the process "server" of the same stack.');
  });

  it('refuses a database with a name PostgreSQL would read otherwise', () => {
    const add = (name: string) => () =>
      synthStack((stack) => {
        new LocalHost().addPostgres(stack, 'Server', { port: 5432 }).addDatabase(stack, 'Database', { name });
      });
    for (const name of ['Runs', 'pg_runs', '1runs', 'a-b', 'x'.repeat(64)]) {
      expect(add(name)).toThrow(`"${name}" is not a name for a database and its user.`);
    }
  });
});
