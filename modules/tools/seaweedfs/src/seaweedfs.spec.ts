import { RecordingHost, RecordingPlatform, synthStack } from '@mlterra/testing';
import { accessKeyOf } from './access-key';
import { Seaweedfs, type SeaweedfsProps } from './seaweedfs';

function synth(props: Partial<SeaweedfsProps> = {}) {
  const platform = new RecordingPlatform();
  const stack = synthStack((scope) => {
    new Seaweedfs(scope, 'seaweedfs', { platform, ...props }).addObjectStore(scope, 'artifacts');
  });
  return { stack, platform };
}

describe('Seaweedfs', () => {
  it('runs a server on a volume, and makes buckets by tasks', () => {
    expect(synth().stack).toMatchSnapshot();
  });

  it('lets others reach its S3 interface only', () => {
    const { ports, command } = synth().platform.workloads[0]!.containers['server']!;
    expect(Object.keys(ports!)).toEqual(['s3']);
    expect(command).toEqual(expect.arrayContaining(['-ip.bind=127.0.0.1', '-s3.ip.bind=0.0.0.0']));
  });

  it('gives each bucket an access key that SeaweedFS takes', () => {
    const [task] = synth().platform.tasks;
    expect(task!.variables!['USER_ACCESS_KEY_ID']).toMatch(/^devmainartifacts[0-9a-f]{8}$/);
    expect(accessKeyOf('a-b')).not.toBe(accessKeyOf('ab'));
    expect(accessKeyOf('a'.repeat(63))).toHaveLength(71);
  });

  it('does not run on a host', () => {
    expect(() => synth({ platform: new RecordingHost() })).toThrow(
      'dev-main/seaweedfs: SeaweedFS does not run on a platform of the kind "host".',
    );
  });

  it.each([443, 70_000])('refuses the port %p', (port) => {
    expect(() => synth({ port })).toThrow(`SeaweedFS cannot listen on port ${port}.`);
  });
});
