import { valueParts, type ObjectStoreAccess } from '@mlterra/core';
import { RecordingHost, RecordingPlatform, synthStack, type StackJson } from '@mlterra/testing';
import { Construct } from 'constructs';
import { Versitygw, type VersitygwProps } from './versitygw';

function synth(props: Partial<VersitygwProps> = {}, ids: readonly string[] = ['artifacts']) {
  const platform = new RecordingPlatform();
  const accesses: ObjectStoreAccess[] = [];
  const stack: StackJson = synthStack((scope) => {
    const server = new Versitygw(scope, 'versitygw', { platform, ...props });
    const tool = new Construct(scope, 'notes');
    for (const id of ids) {
      const store = server.addObjectStore(tool, id);
      accesses.push(store.grantReadWrite(platform.addIdentity(tool, `Identity-${id}`)));
    }
  });
  return { stack, platform, accesses };
}

describe('Versitygw', () => {
  it('runs a server on a volume, and makes buckets by tasks', () => {
    expect(synth().stack).toMatchSnapshot();
  });

  it('names buckets after stage, stack and construct, and cuts what is too long', () => {
    const { platform } = synth({}, [
      'artifacts',
      'a-place-for-everything-that-anybody-could-ever-want-to-keep',
    ]);
    const names = platform.tasks.map(({ variables }) => variables!['BUCKET'] as string);
    expect(names[0]).toBe('dev-main-notes-artifacts');
    expect(names[1]).toMatch(/^dev-main-notes-a-place-.*-[0-9a-f]{6}$/);
    expect(names[1]!.length).toBeLessThanOrEqual(63);
  });

  it('tells clients where the bucket is, and how to log in', () => {
    const [access] = synth().accesses;
    expect(Object.keys(access!.variables).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_ENDPOINT_URL_S3',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    expect(valueParts(access!.uri)[0]).toBe('s3://');
    expect(access!.s3).toMatchObject({ region: 'us-east-1' });
  });

  it('does not run on a host', () => {
    expect(() => synth({ platform: new RecordingHost() })).toThrow(
      'dev-main/versitygw: versitygw does not run on a platform of the kind "host".',
    );
  });

  it.each([443, 1023, 65_536, 70_000])('refuses the port %p', (port) => {
    expect(() => synth({ port })).toThrow(`versitygw cannot listen on port ${port}.`);
  });
});
