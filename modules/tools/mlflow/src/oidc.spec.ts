import { Secret, text, type Value, valueParts } from '@mlterra/core';
import {
  RecordingGateway,
  RecordingHost,
  RecordingPlatform,
  synthStack,
  type StackJson,
} from '@mlterra/testing';
import { Mlflow } from './mlflow';
import type { MlflowProps } from './mlflow-props';
import type { OidcProps } from './oidc';

const IMAGE = 'registry.example.org/mlflow:3.17.2';

interface Settings extends Partial<MlflowProps> {
  readonly oidc?: never;
}

function synth(
  oidc: Partial<OidcProps> = {},
  props: Settings = {},
  platform: RecordingHost | RecordingPlatform = new RecordingPlatform('kubernetes'),
) {
  let mlflow: Mlflow;
  const stack: StackJson = synthStack((scope) => {
    mlflow = new Mlflow(scope, 'mlflow', {
      platform,
      database: platform.addPostgres(scope, 'postgres', { port: 5432 }),
      artifacts: platform.addObjectStore(scope, 'artifacts'),
      image: IMAGE,
      gateway: new RecordingGateway(),
      hostname: 'mlflow.example.org',
      ...props,
      oidc: {
        issuerUrl: 'https://login.example.org/realms/ml',
        clientId: 'mlflow',
        clientSecret: platform.generateSecret(scope, 'client-secret'),
        groups: ['ml', 'ml-guests'],
        adminGroups: ['ml-admins'],
        ...oidc,
      },
    });
  });
  const workload = platform.workloads[0]!;
  const server = workload.containers.server!;
  const plain = (name: string): string | undefined => {
    const value: Value | undefined = server.variables![name];
    if (value === undefined) return undefined;
    const parts = valueParts(value);
    return parts.some((part) => typeof part !== 'string') ? undefined : parts.join('');
  };
  return { stack, workload, server, plain, mlflow: mlflow! };
}

describe('Mlflow with an OpenID Connect provider', () => {
  it('sends users to the provider and back', () => {
    const { server, plain } = synth();
    expect(server.command).toEqual(expect.arrayContaining(['--app-name', 'oidc-auth']));
    expect(plain('OIDC_DISCOVERY_URL')).toBe(
      'https://login.example.org/realms/ml/.well-known/openid-configuration',
    );
    expect(plain('OIDC_REDIRECT_URI')).toBe('https://mlflow.example.org/callback');
    expect(plain('SESSION_COOKIE_SECURE')).toBe('true');
    expect(plain('OIDC_GROUP_NAME')).toBe('ml,ml-guests');
    expect(plain('OIDC_ADMIN_GROUP_NAME')).toBe('ml-admins');
  });

  it('takes tokens of this provider for this client only, and grants nothing by itself', () => {
    const { plain } = synth();
    expect(plain('OIDC_ISSUER')).toBe('https://login.example.org/realms/ml');
    expect(plain('OIDC_AUDIENCE')).toBe('mlflow');
    expect(plain('DEFAULT_MLFLOW_PERMISSION')).toBe('NO_PERMISSIONS');
    expect(synth({}, { defaultPermission: 'READ' }).plain('DEFAULT_MLFLOW_PERMISSION')).toBe('READ');
  });

  it('keeps the slash that belongs to the name of an issuer', () => {
    const { plain } = synth({ issuerUrl: 'https://example.auth0.com/' });
    expect(plain('OIDC_ISSUER')).toBe('https://example.auth0.com/');
    expect(plain('OIDC_DISCOVERY_URL')).toBe('https://example.auth0.com/.well-known/openid-configuration');
  });

  it('gets its secrets by reference', () => {
    const { variables } = synth().server;
    for (const name of ['OIDC_CLIENT_SECRET', 'SECRET_KEY']) expect(variables![name]).toBeInstanceOf(Secret);
    expect(variables!.SECRET_KEY).toBe(variables!.MLFLOW_FLASK_SERVER_SECRET_KEY);
  });

  it('has no administrator of its own, and a database of users of its own', () => {
    const { mlflow, stack, server } = synth();
    expect(mlflow.adminUsername).toBeUndefined();
    expect(mlflow.adminPassword).toBeUndefined();
    expect(server.variables).not.toHaveProperty('MLFLOW_AUTH_CONFIG_PATH');
    expect(stack.output!.service_mlflow).toMatchObject({ value: { username: '', password: '' } });
    expect(JSON.stringify(stack.resource)).toContain('"mlflow_dev_oidc"');
    expect(JSON.stringify(stack.resource)).not.toContain('"mlflow_dev_auth"');
  });

  it('believes a gateway what scheme and name a browser used, and nobody without one', () => {
    expect(synth().plain('TRUSTED_PROXIES')).toContain('10.0.0.0/8');
    const publicUrl = 'http://localhost:5000';
    const alone = synth({ publicUrl }, { gateway: undefined, hostname: undefined });
    expect(alone.server.variables).not.toHaveProperty('TRUSTED_PROXIES');
    expect(alone.plain('OIDC_REDIRECT_URI')).toBe('http://localhost:5000/callback');
    expect(alone.plain('SESSION_COOKIE_SECURE')).toBe('false');
  });

  it.each([
    ['https://login.example.org/realms/ml', 443],
    ['https://login.example.org:8443', 8443],
    ['http://localhost', 80],
  ])('reaches the provider %s', (issuerUrl, port) => {
    const { connectsTo } = synth({ issuerUrl }).workload;
    expect(connectsTo).toContainEqual({ kind: 'addresses', cidrs: ['0.0.0.0/0'], port });
  });

  it('reaches the provider where it is told to only', () => {
    const peers = [{ kind: 'addresses', cidrs: ['192.0.2.7/32'], port: 443 } as const];
    expect(JSON.stringify(synth({ peers }).workload.connectsTo)).not.toContain('0.0.0.0/0');
    expect(synth({ peers }).workload.connectsTo).toContainEqual(peers[0]);
  });

  it('installs what logs users in on a host, and wants an image with it elsewhere', () => {
    const settings = { image: undefined };
    expect(synth({}, settings, new RecordingHost()).server.program!.requirements).toContainEqual(
      expect.stringMatching(/^mlflow-oidc-auth==\d/),
    );
    expect(() => synth({}, settings)).toThrow(
      /^dev-main\/mlflow: the image ghcr\.io\/mlflow\/mlflow:\S+ cannot log users in by OpenID Connect\.\n.*mlflow-oidc-auth==[\s\S]*build images\/mlflow/,
    );
  });

  it.each<[Partial<OidcProps>, string]>([
    [
      { issuerUrl: 'http://login.example.org' },
      '"http://login.example.org" is not the URL of an OpenID Connect',
    ],
    [{ issuerUrl: 'login.example.org' }, '"login.example.org" is not the URL of an OpenID Connect provider.'],
    [{ groups: [], adminGroups: [] }, 'nobody could log in, as `oidc` names no group.'],
    [{ groups: ['a,b'] }, '"a,b" is not the name of a group.'],
    [
      { publicUrl: 'https://example.org/mlflow' },
      '"https://example.org/mlflow" is not the address of a server',
    ],
  ])('refuses %p', (oidc, message) => {
    expect(() => synth(oidc)).toThrow(`dev-main/mlflow: ${message}`);
  });

  it('wants to know where users come back to', () => {
    expect(() => synth({}, { gateway: undefined, hostname: undefined })).toThrow(
      'dev-main/mlflow: the provider does not know where to send users back to.',
    );
  });

  it('tells a browser the address of the gateway whatever its URL is made of', () => {
    const gateway = new RecordingGateway();
    gateway.urlOf = (hostname) => text`${'https'}://${hostname}:${8443}`;
    const { plain } = synth({}, { gateway });
    expect(plain('OIDC_REDIRECT_URI')).toBe('https://mlflow.example.org:8443/callback');
    expect(plain('SESSION_COOKIE_SECURE')).toBe('true');
  });
});
