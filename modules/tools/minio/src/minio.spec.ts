import { RecordingHost, RecordingPlatform, synthStack } from '@mlterra/testing';
import { Minio, type MinioProps } from './minio';

function synth(props: Partial<MinioProps> = {}) {
  const platform = new RecordingPlatform();
  const warnings: string[] = [];
  const stack = synthStack((scope) => {
    const server = new Minio(scope, 'minio', { platform, acceptArchivedUpstream: true, ...props });
    server.addObjectStore(scope, 'artifacts');
    warnings.push(...server.node.metadata.map(({ data }) => String(data)));
  });
  return { stack, platform, warnings };
}

describe('Minio', () => {
  it('runs a server on a volume, and makes buckets by tasks', () => {
    expect(synth().stack).toMatchSnapshot();
  });

  it('says that upstream is archived, each time', () => {
    expect(synth().warnings).toEqual([
      expect.stringMatching(
        /^MinIO RELEASE\.\S+ is archived upstream\. .*2026-04-25.*Take seaweedfs or versitygw\.$/,
      ),
    ]);
  });

  it('is made only for those who say that they know it', () => {
    const props = { acceptArchivedUpstream: false } as unknown as MinioProps;
    expect(() => synth(props)).toThrow('dev-main/minio: MinIO is archived upstream.');
  });

  it('takes the image of a fork, for the server and the tasks', () => {
    const { platform } = synth({ image: 'registry.example.org/minio:v1' });
    expect(platform.workloads[0]!.containers['server']!.image).toBe('registry.example.org/minio:v1');
    expect(platform.tasks[0]!.image).toBe('registry.example.org/minio:v1');
  });

  it('does not run on a host', () => {
    expect(() => synth({ platform: new RecordingHost() })).toThrow(
      'dev-main/minio: MinIO does not run on a platform of the kind "host".',
    );
  });

  it.each([443, 1023, 65_536, 70_000])('refuses the port %p', (port) => {
    expect(() => synth({ port })).toThrow(`MinIO cannot listen on port ${port}.`);
  });
});
