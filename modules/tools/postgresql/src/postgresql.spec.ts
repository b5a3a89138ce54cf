import { RecordingHost, synthStack } from '@mlterra/testing';
import { Construct } from 'constructs';
import { Postgresql } from './postgresql';

describe('Postgresql', () => {
  it('runs a server on the platform and announces it', () => {
    const stack = synthStack((scope) => {
      new Postgresql(scope, 'postgresql', { platform: new RecordingHost(), port: 55_432 });
    });
    expect(stack).toMatchSnapshot();
  });

  it('listens on 5432 unless told otherwise', () => {
    const stack = synthStack((scope) => {
      const server = new Postgresql(scope, 'postgresql', { platform: new RecordingHost() });
      expect(server.majorVersion).toBe(18);
      expect(server.superuser).toBe('postgres');
    });
    expect(stack.output?.postgresql_Resource_port?.value).toBe('5432');
  });

  it('makes databases in the stack of the tool that asks', () => {
    const stack = synthStack((scope) => {
      const server = new Postgresql(scope, 'postgresql', { platform: new RecordingHost() });
      const tool = new Construct(scope, 'notes');
      const login = server.addDatabase(tool, 'Database', { name: 'notes' });
      expect([login.database, login.user]).toEqual(['notes', 'notes']);
    });
    expect(stack.output?.notes_Database_Password_reference?.value).toBe(
      'secrets/dev-main/notes/Database/Password',
    );
  });

  it('tells two servers in one stack apart by their service names', () => {
    const stack = synthStack((scope) => {
      const platform = new RecordingHost();
      new Postgresql(scope, 'main', { platform });
      new Postgresql(scope, 'archive', { platform, port: 5433, serviceName: 'archive' });
    });
    expect(Object.keys(stack.output!).filter((name) => name.startsWith('service_'))).toEqual([
      'service_archive',
      'service_postgresql',
    ]);
  });
});
