import { text, type Peer, type Secret, type Text, type Value } from '@mlterra/core';
import type { DefaultPermission } from './auth-config';
import { invalidGroup, invalidIssuer, invalidPublicUrl, noGroups } from './errors';

/** An OpenID Connect provider, and who of its users may do what. The server is a confidential client with PKCE. */
export interface OidcProps {
  /** Issuer, e.g. `https://login.example.org/realms/ml`; its discovery document is below it. */
  readonly issuerUrl: string;
  /** Client that is registered for the server, with the redirect URI `<address>/callback`. */
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Members may log in. */
  readonly groups: readonly string[];
  /** Members may log in and administer all. */
  readonly adminGroups: readonly string[];
  /** Claim of the ID token that lists a user's groups. @default "groups" */
  readonly groupsClaim?: string;
  /** Scopes to ask for; some providers give groups for one of their own only. @default "openid email profile" */
  readonly scope?: string;
  /** What the button for the login says. @default "Log in" */
  readonly displayName?: string;
  /** Address of the server in a browser, e.g. `http://localhost:5000`. @default - that of the gateway, needed without one */
  readonly publicUrl?: string;
  /** How the server reaches the provider. @default - all addresses outside, on the port of the issuer's URL */
  readonly peers?: readonly Peer[];
}

export interface OidcSettings {
  /** Address of the server in a browser. */
  readonly publicUrl: Text;
  /** Whether a gateway stands before the server. */
  readonly behindGateway: boolean;
  readonly databaseUri: Value;
  /** Signs the cookies of sessions; the same for all replicas. */
  readonly sessionKey: Secret;
  readonly defaultPermission: DefaultPermission;
}

/** Where gateways are, as the server sees them: only they say by which name and scheme a browser came. */
const PRIVATE_NETWORKS = '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7';

/** Variables of the app `oidc-auth` of the package mlflow-oidc-auth. */
export function oidcVariables(oidc: OidcProps, settings: OidcSettings): Record<string, Value> {
  const { publicUrl, behindGateway } = settings;
  return {
    OIDC_DISCOVERY_URL: `${oidc.issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`,
    // Tokens of other issuers, and those for other clients of the same one, are nobody's here.
    OIDC_ISSUER: oidc.issuerUrl,
    OIDC_AUDIENCE: oidc.clientId,
    OIDC_CLIENT_ID: oidc.clientId,
    OIDC_CLIENT_SECRET: oidc.clientSecret,
    OIDC_REDIRECT_URI: text`${publicUrl}/callback`,
    OIDC_SCOPE: oidc.scope ?? 'openid email profile',
    OIDC_PROVIDER_DISPLAY_NAME: oidc.displayName ?? 'Log in',
    OIDC_GROUPS_ATTRIBUTE: oidc.groupsClaim ?? 'groups',
    OIDC_GROUP_NAME: oidc.groups.join(','),
    OIDC_ADMIN_GROUP_NAME: oidc.adminGroups.join(','),
    OIDC_USERS_DB_URI: settings.databaseUri,
    DEFAULT_MLFLOW_PERMISSION: settings.defaultPermission,
    SECRET_KEY: settings.sessionKey,
    SESSION_COOKIE_SECURE: String(isHttps(publicUrl)),
    DEFAULT_LANDING_PAGE_IS_PERMISSIONS: 'false',
    ...(behindGateway ? { TRUSTED_PROXIES: PRIVATE_NETWORKS } : {}),
  };
}

function isHttps({ parts }: Text): boolean {
  const end = parts.findIndex((part) => typeof part !== 'string');
  return parts
    .slice(0, end < 0 ? undefined : end)
    .join('')
    .startsWith('https:');
}

/** What the server connects to for logins. */
export function oidcPeers({ issuerUrl, peers }: OidcProps): readonly Peer[] {
  if (peers !== undefined) return peers;
  const { protocol, port } = new URL(issuerUrl);
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return [{ kind: 'addresses', cidrs: ['0.0.0.0/0'], port: number }];
}

export function checkOidc(path: string, { issuerUrl, groups, adminGroups, publicUrl }: OidcProps): void {
  if (publicUrl !== undefined && !/^https?:\/\/[\w.-]+(:\d+)?$/.test(publicUrl)) {
    throw invalidPublicUrl(path, publicUrl);
  }
  const url = URL.canParse(issuerUrl) ? new URL(issuerUrl) : undefined;
  // Without TLS anybody on the way could log in as anybody.
  const local = url !== undefined && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    throw invalidIssuer(path, issuerUrl);
  }
  if (groups.length === 0 && adminGroups.length === 0) throw noGroups(path);
  // The list is joined with commas.
  const bad = [...groups, ...adminGroups].find((group) => group.trim() === '' || group.includes(','));
  if (bad !== undefined) throw invalidGroup(path, bad);
}
