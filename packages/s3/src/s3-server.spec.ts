import { text, type Endpoint, type RunningWorkload, type Secret, type Workload } from '@mlterra/core';
import { RecordingHost, RecordingPlatform, synthStack } from '@mlterra/testing';
import { Construct } from 'constructs';
import { runS3Server, type RunningS3Server, type S3Program, type S3ServerProps } from './s3-server';

const SMALL = { cpuMillis: 100, memoryMiB: 256 };
const LARGE = { cpuMillis: 1000, memoryMiB: 2048 };

const program: S3Program = {
  title: 'Store',
  code: 'store',
  image: 'registry.example.org/store:v1',
  administrator: 'root',
  volumePath: '/objects',
  healthPath: '/health',
  resources: { small: SMALL, large: LARGE },
  start: (listenAddress, key) => ({
    command: ['store', listenAddress],
    variables: { KEY: key },
    files: { '/etc/store': 'x' },
  }),
};

/** Says which secrets it was asked for, and publishes ports of this machine when told. */
class Platform extends RecordingPlatform {
  public readonly lengths: (number | undefined)[] = [];

  public constructor(private readonly outside?: string) {
    super();
  }

  public override generateSecret(scope: Construct, id: string, props?: { length?: number }): Secret {
    this.lengths.push(props?.length);
    return super.generateSecret(scope, id);
  }

  public override run(scope: Construct, id: string, workload: Workload): RunningWorkload {
    const { endpoints } = super.run(scope, id, workload);
    const { outside } = this;
    const withOutside = (endpoint: Endpoint): Endpoint =>
      outside === undefined ? endpoint : { ...endpoint, outsideUrl: text`${outside}` };
    return {
      endpoints: Object.fromEntries(
        Object.entries(endpoints).map(([name, endpoint]) => [name, withOutside(endpoint)]),
      ),
    };
  }
}

function run(
  props: Partial<S3ServerProps> = {},
  {
    platform = new Platform(),
    profile,
    changes = {},
  }: { platform?: Platform; profile?: 'production'; changes?: Partial<S3Program> } = {},
) {
  let server: RunningS3Server | undefined;
  const stack = synthStack(
    (scope) => {
      const owner = new Construct(scope, 'store');
      const given = { platform, port: 9000, serviceName: 'objects', ...props };
      server = runS3Server(owner, { ...program, ...changes }, given);
    },
    { profile },
  );
  const service = stack.output!['service_objects']?.value as Readonly<Record<string, string>>;
  return { platform, server: server!, service, container: platform.workloads[0]!.containers['server']! };
}

describe('a server that speaks S3', () => {
  it('runs on a volume, and answers when its health is asked for', () => {
    const { container, server, platform } = run();
    expect(container).toMatchObject({
      image: 'registry.example.org/store:v1',
      command: ['store', '0.0.0.0'],
      files: { '/etc/store': 'x' },
      volumes: { '/objects': { name: 'data', sizeGiB: 20 } },
      ports: { s3: { port: 9000, protocol: 'http' } },
      probe: { port: 's3', httpPath: '/health' },
      resources: SMALL,
    });
    expect(container).not.toHaveProperty('stopGraceSeconds');
    expect(container.variables!['KEY']).toBe(server.administratorKey);
    expect(server.platform).toBe(platform);
    expect(platform.lengths).toEqual([40]);
  });

  it('is large where the profile asks for high availability, unless told otherwise', () => {
    expect(run({}, { profile: 'production' }).container.resources).toBe(LARGE);
    const resources = { cpuMillis: 7, memoryMiB: 77 };
    expect(run({ resources }, { profile: 'production' }).container.resources).toBe(resources);
    expect(run({ resources }).container.resources).toBe(resources);
  });

  it('has the disk and the grace that it is given', () => {
    const { container } = run({ diskSizeGiB: 5 }, { changes: { stopGraceSeconds: 0 } });
    expect(container.volumes!['/objects']!.sizeGiB).toBe(5);
    expect(container.stopGraceSeconds).toBe(0);
  });

  it('is announced where people reach it, with the login of the administrator', () => {
    const { service } = run();
    expect(service).toMatchObject({ name: 'objects', username: 'root' });
    expect(service['password']).not.toBe('');
    expect(service['url']).toMatch(/^http:\/\//);
    const outside = run({}, { platform: new Platform('http://localhost:9999') });
    expect(outside.service['url']).toBe('http://localhost:9999');
  });

  it.each([1024, 9000, 65_535])('listens on the port %p', (port) => {
    expect(run({ port }).container.ports!['s3']!.port).toBe(port);
  });

  it.each([1023, 65_536, 9000.5, Number.NaN])('refuses the port %p', (port) => {
    expect(() => run({ port })).toThrow(
      `dev-main/store: Store cannot listen on port ${port}.\n  expected: a whole number from 1024 to 65535`,
    );
  });

  it('does not run on a host', () => {
    expect(() => run({ platform: new RecordingHost() })).toThrow(
      'dev-main/store: Store does not run on a platform of the kind "host".\n  expected: a platform that runs images\n  to do:    use `addObjectStore` of the host, which keeps objects in a folder',
    );
  });
});
