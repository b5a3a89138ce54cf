import type { Container, ObjectStore } from '@mlterra/core';
import {
  RecordingGateway,
  RecordingHost,
  RecordingPlatform,
  resourcesOf,
  synthStack,
  type StackJson,
} from '@mlterra/testing';
import { Lakefs, type LakefsProps } from './lakefs';

function synth(props: Partial<LakefsProps> = {}, platform = new RecordingPlatform(), profile?: 'production') {
  const stack: StackJson = synthStack(
    (scope) => {
      new Lakefs(scope, 'lakefs', {
        platform,
        database: platform.addPostgres(scope, 'postgres', { port: 5432 }),
        objects: platform.addObjectStore(scope, 'objects'),
        ...props,
      });
    },
    { profile },
  );
  return { stack, workload: platform.workloads[0]! };
}

const server = (props: Partial<LakefsProps> = {}): Container => synth(props).workload.containers.server!;

const storeOf = (uri: string): ObjectStore => ({ grantReadWrite: () => ({ uri, variables: {}, peers: [] }) });

describe('Lakefs', () => {
  it('runs a server on a database and an object store', () => {
    expect(synth().stack).toMatchSnapshot();
  });

  it('addresses buckets of an S3-compatible server in the path, with a key of its own', () => {
    expect(server().variables).toMatchObject({
      LAKEFS_BLOCKSTORE_TYPE: 's3',
      LAKEFS_BLOCKSTORE_S3_FORCE_PATH_STYLE: 'true',
      LAKEFS_BLOCKSTORE_S3_REGION: 'us-east-1',
    });
  });

  it('opens buckets of a cloud by the identity it runs as', () => {
    const { variables = {} } = server({ objects: storeOf('gs://objects') });
    expect(variables['LAKEFS_BLOCKSTORE_TYPE']).toBe('gs');
    expect(Object.keys(variables).filter((name) => name.includes('CREDENTIALS'))).toEqual([]);
  });

  it('refuses a store that it cannot use', () => {
    expect(() => server({ objects: storeOf('file:///objects') })).toThrow(
      'dev-main/lakefs: lakeFS cannot keep objects in a store whose URI begins with "file:".',
    );
  });

  it('sends nothing home', () => {
    expect(server().variables).toMatchObject({
      LAKEFS_STATS_ENABLED: 'false',
      LAKEFS_SECURITY_CHECK_LATEST_VERSION: 'false',
    });
  });

  it('runs replicas on Kubernetes only', () => {
    expect(synth({}, new RecordingPlatform('kubernetes'), 'production').workload.replicas).toBe(3);
    expect(synth({}, new RecordingPlatform('docker'), 'production').workload.replicas).toBeUndefined();
  });

  it('is reached by a gateway where it has a name there', () => {
    const { stack } = synth({ gateway: new RecordingGateway(), hostname: 'lakefs.example.org' });
    const [route] = Object.values(resourcesOf(stack, 'terraform_data')).flatMap(({ input }) => {
      const { route } = input as { route?: { hostname: string } };
      return route ? [route] : [];
    });
    expect(route).toMatchObject({ hostname: 'lakefs.example.org', pathPrefix: '/' });
    expect(JSON.stringify(stack.output)).toContain('https://lakefs.example.org');
  });

  it('refuses half a gateway', () => {
    expect(() => synth({ hostname: 'lakefs.example.org' })).toThrow(
      'lakeFS got a `hostname` and no `gateway`.',
    );
    expect(() => synth({ gateway: new RecordingGateway() })).toThrow(
      'lakeFS got a `gateway` and no `hostname`.',
    );
  });

  it('reaches its database and its store', () => {
    const peers = [{ kind: 'addresses', cidrs: ['192.0.2.0/24'], port: 443 }] as const;
    const objects = { grantReadWrite: () => ({ uri: 'gs://objects', variables: {}, peers }) };
    expect(synth({ objects }).workload.connectsTo).toEqual(peers);
  });

  it('does not run on a host', () => {
    expect(() => server({ platform: new RecordingHost() })).toThrow(
      'lakeFS does not run on a platform of the kind "host".',
    );
  });

  it.each([1023, 65_536, 8000.5])('refuses the port %p', (port) => {
    expect(() => server({ port })).toThrow(`lakeFS cannot listen on port ${port}.`);
  });

  it.each([1024, 65_535])('listens on the port %p', (port) => {
    expect(server({ port }).ports).toEqual({ http: { port, protocol: 'http' } });
    expect(server({ port }).variables!['LAKEFS_LISTEN_ADDRESS']).toBe(`0.0.0.0:${port}`);
  });

  it('opens buckets of AWS by the identity, and refuses a store that is not known yet', () => {
    expect(server({ objects: storeOf('s3://objects') }).variables!['LAKEFS_BLOCKSTORE_TYPE']).toBe('s3');
    expect(() => server({ objects: storeOf('objects') })).toThrow('nothing that is known before the apply');
  });

  it('names its database after itself and its stage, or as told', () => {
    const names = (databaseName?: string): string[] =>
      Object.values(
        resourcesOf(synth(databaseName === undefined ? {} : { databaseName }).stack, 'terraform_data'),
      ).flatMap(({ input }) => (input as { database?: { name: string } }).database?.name ?? []);
    expect(names()).toEqual(['lakefs_dev']);
    expect(names('a'.repeat(63))).toEqual(['a'.repeat(63)]);
    expect(() => names('a'.repeat(64))).toThrow('is not a name for the database');
  });

  it('refuses a database name and a port that cannot be', () => {
    expect(() => server({ databaseName: 'Lake-FS' })).toThrow('"Lake-FS" is not a name for the database');
    expect(() => server({ port: 80 })).toThrow('lakeFS cannot listen on port 80.');
  });
});
