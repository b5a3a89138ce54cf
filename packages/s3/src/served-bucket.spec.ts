import { exportOutputs, text, valueParts, type ObjectStoreAccess, type Peer } from '@mlterra/core';
import { RecordingPlatform, synthStack } from '@mlterra/testing';
import { Construct } from 'constructs';
import { ServedBucket } from './served-bucket';

const peers: readonly Peer[] = [
  { kind: 'pods', namespace: 'dev-store', labels: { app: 'store' }, port: 9000, service: 'store' },
];

function make(ids: readonly string[] = ['artifacts']) {
  const platform = new RecordingPlatform();
  const accesses: ObjectStoreAccess[] = [];
  const stack = synthStack((scope) => {
    const { host, port } = exportOutputs(new Construct(scope, 'Server'), { host: 'store', port: 9000 });
    for (const id of ids) {
      const bucket = new ServedBucket(scope, id, {
        platform,
        endpoint: { host, port, url: text`http://${host}:${port}`, peers },
        region: 'us-east-1',
        task: {
          image: 'example.org/store:v1',
          userId: 1000,
          script: { path: '/etc/mlterra/create.sh', text: 'true' },
          variables: { ADMIN: 'admin' },
        },
      });
      accesses.push(bucket.grantReadWrite());
    }
  });
  return { stack, platform, accesses };
}

describe('ServedBucket', () => {
  it('is made by a task that reaches the server', () => {
    const { stack, platform } = make();
    expect(stack).toMatchSnapshot();
    expect(platform.tasks[0]).toMatchObject({ userId: 1000, connectsTo: peers, timeoutSeconds: 240 });
  });

  it('is reached by clients in one way, whether they read variables or fields', () => {
    const [access] = make().accesses;
    expect(access!.variables['AWS_ENDPOINT_URL_S3']).toBe(access!.s3!.endpoint);
    expect(access!.variables['AWS_SECRET_ACCESS_KEY']).toBe(access!.s3!.secretAccessKey);
    expect(valueParts(access!.uri)).toEqual(['s3://', access!.s3!.bucket]);
    expect(access!.peers).toBe(peers);
  });

  it('has a name of its own that S3 takes', () => {
    const long = 'a-place-for-everything-that-anybody-could-ever-want-to-keep';
    const names = make(['artifacts', long]).platform.tasks.map(
      ({ variables }) => variables!['BUCKET'] as string,
    );
    expect(names[0]).toBe('dev-main-artifacts');
    expect(names[1]).toMatch(/^dev-main-a-place-.*-[0-9a-f]{6}$/);
    expect(names[1]!.length).toBeLessThanOrEqual(63);
  });
});
