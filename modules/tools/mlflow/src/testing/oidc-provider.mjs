// An OpenID Connect provider on loopback, for tests. Anybody may log in, and is in the groups that GROUPS names.
// Arguments: port, JSON of client ids, secret of all clients, redirect URI, JSON of groups by login.
import { Provider } from 'oidc-provider';

const [port, clients, secret, redirectUri, groups] = process.argv.slice(2);
const GROUPS = JSON.parse(groups);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: JSON.parse(clients).map((id) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  })),
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id}@example.org`,
      email_verified: true,
      name: id,
      groups: GROUPS[id] ?? [],
    }),
  }),
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  scopes: ['openid', 'email', 'profile', 'groups'],
  conformIdTokenClaims: false,
  pkce: { required: () => true },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
