import { MountPath, text, valueParts, type Container } from '@mlterra/core';
import {
  RecordingGateway,
  RecordingHost,
  RecordingPlatform,
  synthStack,
  type StackJson,
} from '@mlterra/testing';
import { Mlflow } from './mlflow';
import type { MlflowProps } from './mlflow-props';
import { START_PATH, START_SCRIPT } from './start-script';

type Settings = Partial<MlflowProps> & { readonly id?: string };

function synth(
  settings: Settings = {},
  profile?: 'production',
  platform: RecordingHost | RecordingPlatform = new RecordingHost(),
): { stack: StackJson; server: Container } {
  const { id = 'mlflow', ...props } = settings;
  const stack = synthStack(
    (scope) => {
      new Mlflow(scope, id, {
        platform,
        database: platform.addPostgres(scope, 'postgres', { port: 5432 }),
        artifacts: platform.addObjectStore(scope, 'artifacts'),
        ...props,
      });
    },
    { profile },
  );
  return { stack, server: platform.workloads[0]!.containers.server! };
}

const option = (server: Container, name: string): unknown => server.command[server.command.indexOf(name) + 1];

describe('Mlflow', () => {
  it('runs a server that asks for a login, on two databases', () => {
    // The program that starts the server has tests of its own.
    const stack = JSON.stringify(synth().stack).replaceAll(JSON.stringify(START_SCRIPT), '"<start.py>"');
    expect(stack).toContain('<start.py>');
    expect(JSON.parse(stack)).toMatchSnapshot();
  });

  it('keeps every secret out of the command', () => {
    const { server } = synth();
    expect(server.command.every((part) => typeof part === 'string' || !('parts' in part))).toBe(true);
    expect(server.command.filter((part) => typeof part === 'string').join(' ')).not.toMatch(
      /postgresql|password/i,
    );
  });

  it('runs one worker in development and as many as there are replicas in production', () => {
    expect(option(synth().server, '--workers')).toBe('1');
    expect(option(synth({}, 'production').server, '--workers')).toBe('3');
    expect(option(synth({ workers: 2 }, 'production').server, '--workers')).toBe('2');
  });

  it('accepts the names of its endpoint only, port included', () => {
    const { server } = synth({ port: 5500 });
    expect(option(server, '--port')).toBe('5500');
    expect(server.variables!.MLFLOW_SERVER_ALLOWED_HOSTS).toBe('localhost:5500,127.0.0.1:5500');
    expect(server.variables).not.toHaveProperty('MLFLOW_SERVER_CORS_ALLOWED_ORIGINS');
  });

  it('accepts other names and origins when told', () => {
    const { variables } = synth({
      allowedHosts: ['mlflow.example.org'],
      corsAllowedOrigins: ['https://notebooks.example.org', 'https://example.org'],
    }).server;
    expect(variables!.MLFLOW_SERVER_ALLOWED_HOSTS).toBe('mlflow.example.org');
    expect(variables!.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toBe(
      'https://notebooks.example.org,https://example.org',
    );
  });

  it('runs job workers only when asked', () => {
    expect(synth().server.variables!.MLFLOW_SERVER_ENABLE_JOB_EXECUTION).toBe('false');
    expect(synth({ jobExecution: true }).server.variables!.MLFLOW_SERVER_ENABLE_JOB_EXECUTION).toBe('true');
  });

  it('sends nothing home', () => {
    expect(synth().server.variables).toMatchObject({
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    });
  });

  it('gives users the permission asked for', () => {
    const { stack } = synth({ defaultPermission: 'NO_PERMISSIONS' });
    expect(JSON.stringify(stack)).toContain('default_permission = NO_PERMISSIONS');
  });

  it('names its databases after itself and its stage, so that stages can share a server', () => {
    const databases = (settings?: Settings): string[] =>
      [...JSON.stringify(synth(settings).stack.resource).matchAll(/"database":\{"name":"([^"]+)"/g)].map(
        ([, name]) => name!,
      );
    expect(databases().sort()).toEqual(['mlflow_dev', 'mlflow_dev_auth']);
    expect(databases({ id: 'Team-B' }).sort()).toEqual(['team_b_dev', 'team_b_dev_auth']);
    expect(databases({ databaseName: 'tracking' }).sort()).toEqual(['tracking', 'tracking_auth']);
  });

  it.each([
    ['a hyphen', 'my-tracking'],
    ['an upper-case letter', 'Tracking'],
    ['too many characters', 'x'.repeat(59)],
    ['SQL', 'x"; drop database postgres; --'],
  ])('refuses a database name with %s', (_, databaseName) => {
    expect(() => synth({ databaseName })).toThrow(
      `dev-main/mlflow: "${databaseName}" is not a name for MLflow's database.`,
    );
  });

  it.each([0, -1, 65_536, 80.5, Number.NaN])('refuses the port %p', (port) => {
    expect(() => synth({ port })).toThrow(`dev-main/mlflow: MLflow cannot listen on port ${port}.`);
  });

  it.each([0, -2, 1.5])('refuses %p workers', (workers) => {
    expect(() => synth({ workers })).toThrow(`dev-main/mlflow: MLflow cannot run ${workers} workers.`);
  });

  it.each([0, 29, 60.5])('refuses a start of %p seconds', (startSeconds) => {
    expect(() => synth({ startSeconds })).toThrow(
      `dev-main/mlflow: the start of MLflow cannot take up to ${startSeconds} seconds.`,
    );
  });

  it('prepares its databases before the server starts, on a host as in a container', () => {
    for (const platform of [new RecordingHost(), new RecordingPlatform('docker')]) {
      const { command, files, probe } = synth({ startSeconds: 900 }, undefined, platform).server;
      expect(command.slice(0, 4)).toEqual(['python', new MountPath(START_PATH), 'mlflow', 'server']);
      expect(files![START_PATH]).toBe(START_SCRIPT);
      expect(probe!.startSeconds).toBe(900);
    }
  });

  it('runs one server where there is no cluster, whatever the profile', () => {
    const platform = new RecordingPlatform('docker');
    synth({}, 'production', platform);
    expect(platform.workloads[0]).not.toHaveProperty('replicas');
    expect(platform.workloads[0]).not.toHaveProperty('scaling');
  });

  describe('behind a gateway', () => {
    const gateway = new RecordingGateway();
    const hostname = 'mlflow.example.org';

    it('is reached by its name there, beside the names of the platform', () => {
      const platform = new RecordingPlatform('docker');
      const { stack, server } = synth({ gateway, hostname }, undefined, platform);
      expect(server.variables!.MLFLOW_SERVER_ALLOWED_HOSTS).toBe(
        'mlflow:5000,localhost:5000,mlflow.example.org',
      );
      expect(server.variables!.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toEqual(text`https://${hostname}`);
      expect(stack.output!.service_mlflow).toMatchObject({ value: { url: 'https://mlflow.example.org' } });
      expect(JSON.stringify(stack.resource)).toContain('"route":{"backend":');
    });

    it('lets pages of other origins in as well when told', () => {
      const corsAllowedOrigins = ['https://notebooks.example.org'];
      const { variables } = synth({ gateway, hostname, corsAllowedOrigins }).server;
      expect(valueParts(variables!.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS!).join('')).toBe(
        'https://notebooks.example.org,https://mlflow.example.org',
      );
    });

    it.each([
      [{ gateway }, 'dev-main/mlflow: `gateway` is set, `hostname` is not.'],
      [{ hostname }, 'dev-main/mlflow: `hostname` is set, `gateway` is not.'],
    ])('refuses half of it', (props, message) => {
      expect(() => synth(props)).toThrow(message);
    });
  });

  it('finds artifacts in a server that speaks S3 by the variables of its clients and by its own', () => {
    const { variables } = synth({}, undefined, new RecordingPlatform('docker')).server;
    expect(variables!.MLFLOW_S3_ENDPOINT_URL).toBe(variables!.AWS_ENDPOINT_URL_S3);
    expect(Object.keys(variables!)).toEqual(
      expect.arrayContaining(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']),
    );
    expect(synth().server.variables).not.toHaveProperty('MLFLOW_S3_ENDPOINT_URL');
  });

  it('runs the image it is told to', () => {
    const image = 'registry.example.org/mlflow:3.17.2';
    expect(synth({ image }, undefined, new RecordingPlatform('docker')).server.image).toBe(image);
  });
});
