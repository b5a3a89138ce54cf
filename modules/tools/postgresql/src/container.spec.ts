import type { Container } from '@mlterra/core';
import { RecordingPlatform, synthStack, type StackJson } from '@mlterra/testing';
import { Construct } from 'constructs';
import { Postgresql, type PostgresqlProps } from './postgresql';

function synth(
  props: Partial<PostgresqlProps> = {},
  profile?: 'production',
): { stack: StackJson; server: Container; platform: RecordingPlatform } {
  const platform = new RecordingPlatform();
  const stack = synthStack(
    (scope) => {
      const server = new Postgresql(scope, 'postgresql', { platform, ...props });
      server.addDatabase(new Construct(scope, 'notes'), 'Database', { name: 'notes' });
    },
    { profile },
  );
  return { stack, platform, server: platform.workloads[0]!.containers.server! };
}

describe('Postgresql on a platform of containers', () => {
  it('runs a server on a volume, and makes databases by tasks', () => {
    expect(synth().stack).toMatchSnapshot();
  });

  it('keeps every secret out of commands and plain variables', () => {
    const { server, platform } = synth();
    const plain = [...server.command, ...Object.values(server.variables!), ...platform.tasks[0]!.command];
    expect(JSON.stringify(plain.filter((value) => typeof value === 'string'))).not.toMatch(/secret/i);
    expect(Object.keys(platform.tasks[0]!.variables!)).toEqual(
      expect.arrayContaining(['PGPASSWORD', 'DATABASE_PASSWORD', 'DATABASE_MARK']),
    );
  });

  it('gives a quarter of its memory to the cache', () => {
    const { server } = synth({ resources: { cpuMillis: 500, memoryMiB: 1000 } });
    expect(server.command).toEqual(
      expect.arrayContaining(['shared_buffers=250MB', 'effective_cache_size=600MB']),
    );
    expect(synth().server.resources).toEqual({ cpuMillis: 250, memoryMiB: 512 });
    expect(synth({}, 'production').server.resources).toEqual({ cpuMillis: 1000, memoryMiB: 2048 });
  });

  it('is asked by pg_isready over TCP, which the server does not answer while it is made', () => {
    expect(synth({ port: 5433 }).server.probe).toMatchObject({
      command: ['pg_isready', '--quiet', '--host=127.0.0.1', '--port=5433'],
    });
  });

  it.each(['Notes', 'pg_notes', 'no-tes', 'x'.repeat(64), 'x"; drop table users'])(
    'refuses a database named %p',
    (name) => {
      const platform = new RecordingPlatform();
      expect(() =>
        synthStack((scope) => {
          new Postgresql(scope, 'postgresql', { platform }).addDatabase(scope, 'notes', { name });
        }),
      ).toThrow(`dev-main/notes: "${name}" cannot name a database and its user.`);
    },
  );

  it.each([80, 65_536, 5432.5])('refuses the port %p', (port) => {
    expect(() => synth({ port })).toThrow(`PostgreSQL cannot listen on port ${port}.`);
  });

  it('refuses memory in which no server runs', () => {
    expect(() => synth({ resources: { cpuMillis: 100, memoryMiB: 64 } })).toThrow(
      'PostgreSQL cannot run in 64 MiB of memory.',
    );
  });
});
