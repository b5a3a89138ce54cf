import { valueParts, type Value } from '@mlterra/core';
import { RecordingHost, RecordingPlatform, synthStack } from '@mlterra/testing';
import { CONFIG_PATH } from './config-file';
import { Redis, type RedisProps } from './redis';

function synth(props: Partial<RedisProps> = {}, profile?: 'production') {
  const platform = new RecordingPlatform();
  let redis: Redis | undefined;
  const stack = synthStack(
    (scope) => {
      redis = new Redis(scope, 'redis', { platform, ...props });
    },
    { profile },
  );
  const [workload] = platform.workloads;
  return { stack, redis: redis!, container: workload?.containers['server'] };
}

/** The literal parts of a value. */
const literal = (value: Value | undefined): string =>
  valueParts(value!)
    .map((part) => (typeof part === 'string' ? part : '…'))
    .join('');

describe('Redis', () => {
  it('runs one server that asks for a password', () => {
    expect(synth().stack).toMatchSnapshot();
  });

  it('keeps nothing unless it has a volume, and leaves memory for writing it anew', () => {
    const cache = synth().container!;
    expect(cache.volumes).toBeUndefined();
    expect(literal(cache.files![CONFIG_PATH])).toMatch(
      /appendonly no\n[^]*maxmemory 192mb\nmaxmemory-policy allkeys-lru\n/,
    );
    const kept = synth({ diskSizeGiB: 2, eviction: 'noeviction' }).container!;
    expect(kept.volumes).toEqual({ '/data': { name: 'data', sizeGiB: 2 } });
    expect(literal(kept.files![CONFIG_PATH])).toMatch(
      /appendonly yes\n[^]*maxmemory 128mb\nmaxmemory-policy noeviction\n/,
    );
  });

  it('gives clients a URL with the password, for a numbered database', () => {
    const { redis } = synth();
    expect(literal(redis.url())).toBe('redis://:…@…:…/0');
    expect(literal(redis.url(15))).toMatch(/\/15$/);
    expect(() => redis.url(16)).toThrow('dev-main/redis: there is no database 16.');
  });

  it('does not run on a host', () => {
    expect(() => synth({ platform: new RecordingHost() })).toThrow(
      'dev-main/redis: redis does not run on a platform of the kind "host".',
    );
  });

  it('has more memory where the profile asks for high availability, unless told otherwise', () => {
    const memory = (props: Partial<RedisProps>, profile?: 'production'): unknown =>
      synth(props, profile).container!.resources!.memoryMiB;
    const resources = { cpuMillis: 100, memoryMiB: 64 };
    expect([memory({}), memory({}, 'production'), memory({ resources }, 'production')]).toEqual([
      256, 1024, 64,
    ]);
  });

  it('is asked on its own port whether it answers', () => {
    const { probe, ports } = synth({ port: 7000 }).container!;
    expect(probe!.command).toEqual(['valkey-cli', '-e', '-h', '127.0.0.1', '-p', '7000', 'ping']);
    expect(ports).toEqual({ redis: { port: 7000, protocol: 'tcp' } });
  });

  it.each([-1, 1.5, 16])('has no database %p', (database) => {
    expect(() => synth().redis.url(database)).toThrow(`there is no database ${database}.`);
  });

  it.each([1024, 65_535])('listens on the port %p', (port) => {
    expect(synth({ port }).container!.ports!['redis']!.port).toBe(port);
  });

  it.each([80, 1023, 65_536, 70_000, 6379.5])('refuses the port %p', (port) => {
    expect(() => synth({ port })).toThrow(`redis cannot listen on port ${port}.`);
  });

  it.each([63, Number.NaN])('refuses %p MiB of memory', (memoryMiB) => {
    expect(() => synth({ resources: { cpuMillis: 100, memoryMiB } })).toThrow('redis cannot run with');
  });

  it('refuses memory that holds nothing', () => {
    expect(() => synth({ resources: { cpuMillis: 100, memoryMiB: 32 } })).toThrow(
      'redis cannot run with 32 MiB of memory.',
    );
  });
});
