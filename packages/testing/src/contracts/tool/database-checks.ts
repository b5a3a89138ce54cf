import { wrong, type Check } from '../check';
import { parseDatabaseUrl, type DatabaseUrl } from '../database-url';
import type { PostgresFacts, WorkloadFacts } from '../facts';
import type { WorkloadExpectation } from '../recipe';
import { valueAt } from '../value-source';
import { workloadCheck, type ToolFacts } from './tool-facts';

const hasDatabases = ({ databaseUrls = [] }: WorkloadExpectation): boolean => databaseUrls.length > 0;

/** Modes in which a client refuses to talk without TLS. */
const TLS_MODES = new Set(['require', 'verify-ca', 'verify-full']);

/** Whether its databases are there, and its to use. */
export const databaseChecks: readonly Check<ToolFacts>[] = [
  workloadCheck({
    id: 'database-url',
    rule: 'Every database URL names a server, a database and a login that are there.',
    concerns: hasDatabases,
    find: (workload, { databaseUrls = [] }, { postgresServers }) =>
      databaseUrls.flatMap(({ from, scheme }) => {
        const { place, value } = valueAt(workload, from);
        const url = value === undefined ? undefined : parseDatabaseUrl(value);
        if (url === undefined) {
          const found =
            value === undefined ? 'missing' : 'not one that names a user, a password, a host and a database';
          return [`${workload.address}: the database URL in ${place} is ${found}, expected one`];
        }
        const what = (part: string): string => `the ${part} of the database URL in ${place}`;
        if (url.scheme !== scheme) return [wrong(workload.address, what('scheme'), url.scheme, scheme)];
        return problemsOfUrl(workload.address, what, url, postgresServers);
      }),
  }),
  workloadCheck({
    id: 'database-tls',
    rule: 'A database outside of this machine and of the network of the platform is talked to over TLS only.',
    concerns: hasDatabases,
    find: (workload, expectation, { postgresServers }) =>
      urlsOf(workload, expectation).flatMap(({ place, url }) => {
        const server = serverOf(url, postgresServers);
        if (server?.loopback === true || server?.selfRun === true) return [];
        const { sslmode } = url.parameters;
        return TLS_MODES.has(sslmode ?? '')
          ? []
          : [
              wrong(
                workload.address,
                `sslmode of the database URL in ${place}`,
                sslmode,
                [...TLS_MODES].join(', '),
              ),
            ];
      }),
  }),
];

function urlsOf(
  workload: WorkloadFacts,
  { databaseUrls = [] }: WorkloadExpectation,
): readonly { readonly place: string; readonly url: DatabaseUrl }[] {
  return databaseUrls.flatMap(({ from }) => {
    const { place, value } = valueAt(workload, from);
    const url = value === undefined ? undefined : parseDatabaseUrl(value);
    return url === undefined ? [] : [{ place, url }];
  });
}

function serverOf({ host, port }: DatabaseUrl, servers: readonly PostgresFacts[]): PostgresFacts | undefined {
  return servers.find((server) => server.hosts?.includes(host) && server.port === port);
}

function problemsOfUrl(
  address: string,
  what: (part: string) => string,
  url: DatabaseUrl,
  servers: readonly PostgresFacts[],
): readonly string[] {
  const there = servers.filter(({ hosts }) => hosts?.includes(url.host));
  if (there.length === 0) {
    return [wrong(address, what('host'), url.host, listed(servers.flatMap(({ hosts = [] }) => hosts)))];
  }
  const server = there.find(({ port }) => port === url.port);
  if (server === undefined) {
    return [wrong(address, what('port'), url.port, listed(there.map(({ port }) => String(port))))];
  }
  const { logins = [] } = server;
  const owners = logins.filter(({ database }) => database === url.database);
  if (owners.length === 0) {
    return [wrong(address, what('database'), url.database, listed(logins.map(({ database }) => database)))];
  }
  const login = owners.find(({ user }) => user === url.user);
  if (login === undefined) {
    return [wrong(address, what('user'), url.user, listed(owners.map(({ user }) => user)))];
  }
  return login.password === url.password
    ? []
    : [`${address}: ${what('password')} is not the password of ${login.user}, expected that`];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'one that is there, and there is none' : [...new Set(names)].join(' or ');
}
