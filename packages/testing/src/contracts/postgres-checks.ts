import { mustBe, wrong, type Check } from './check';
import type { PostgresFacts } from './facts';

/** The oldest major version that the PostgreSQL project still mends. */
const OLDEST_MAINTAINED = 15;

/** Administrators, by whatever vendor; a database belongs to none of them. */
const ADMINISTRATORS = new Set([
  'postgres',
  'cloudsqlsuperuser',
  'rds_superuser',
  'azure_pg_admin',
  'doadmin',
  'root',
]);

/** Disks and copies of them are the owner's business on a host, and where a tool runs the server. */
const managed: Check<PostgresFacts>['applies'] = ({ selfRun }, { platformKind }) =>
  platformKind !== 'host' && selfRun !== true;

/** What holds for every PostgreSQL server. */
export const postgresChecks: readonly Check<PostgresFacts>[] = [
  {
    id: 'version-maintained',
    rule: 'The major version still gets security updates.',
    find: ({ address, majorVersion }) =>
      majorVersion !== undefined && majorVersion >= OLDEST_MAINTAINED
        ? []
        : [wrong(address, 'the major version', majorVersion, `${OLDEST_MAINTAINED} or later`)],
  },
  {
    id: 'answers',
    rule: 'It answers under a name or address, on a port.',
    find: ({ address, hosts = [], port }) => [
      ...(hosts.length > 0 && !hosts.includes('')
        ? []
        : [wrong(address, 'where it answers', hosts, 'a name or address')]),
      ...(port !== undefined && port > 0 ? [] : [wrong(address, 'the port', port, 'a number')]),
    ],
  },
  {
    id: 'private',
    rule: 'It cannot be reached from the internet.',
    find: ({ address, public: open }) => mustBe(address, 'reach from the internet', open, false),
  },
  {
    id: 'tls-required',
    rule: 'It refuses connections without TLS, unless it answers only on loopback or inside the network of its platform.',
    applies: ({ loopback, selfRun }) => loopback !== true && selfRun !== true,
    find: ({ address, tlsRequired }) => mustBe(address, 'the demand for TLS', tlsRequired, true),
  },
  {
    id: 'encrypted-at-rest',
    rule: 'Its disks are encrypted.',
    applies: managed,
    find: ({ address, encryptedAtRest }) => mustBe(address, 'encryption at rest', encryptedAtRest, true),
  },
  {
    id: 'backups',
    rule: 'Backups are kept at least as long as the profile says.',
    applies: managed,
    find: ({ address, backupRetentionDays: days }, { profile: { retentionDays } }) =>
      days !== undefined && days >= retentionDays
        ? []
        : [wrong(address, 'the number of days backups are kept', days, `${retentionDays} or more`)],
  },
  {
    id: 'point-in-time-recovery',
    rule: 'In production any moment of the last days can be restored.',
    applies: (facts, context) => managed(facts, context) && context.profile.highAvailability,
    find: ({ address, pointInTimeRecovery }) =>
      mustBe(address, 'point-in-time recovery', pointInTimeRecovery, true),
  },
  {
    id: 'high-availability',
    rule: 'In production a standby takes over.',
    applies: (facts, context) => managed(facts, context) && context.profile.highAvailability,
    find: ({ address, highAvailability }) => mustBe(address, 'high availability', highAvailability, true),
  },
  {
    id: 'deletion-protection',
    rule: 'The server refuses to be deleted exactly where the profile says so.',
    applies: managed,
    find: ({ address, deletionProtection }, { profile }) =>
      mustBe(address, 'deletion protection', deletionProtection, profile.deletionProtection),
  },
  {
    id: 'owners',
    rule: 'Every database has an owner of its own, who is no administrator.',
    find: ({ address, logins = [] }) =>
      logins.flatMap(({ database, user }) => [
        ...(ADMINISTRATORS.has(user)
          ? [wrong(address, `the owner of the database ${database}`, user, 'a user that is no administrator')]
          : []),
        ...(logins.some((other) => other.user === user && other.database !== database)
          ? [wrong(address, `the owner of the database ${database}`, user, 'a user that owns nothing else')]
          : []),
      ]),
  },
  {
    id: 'passwords',
    rule: 'Every owner has a password that no other owner has.',
    find: ({ address, logins = [] }) =>
      logins.flatMap(({ user, password }) => [
        ...(password === '' ? [`${address}: the user ${user} has no password, expected one`] : []),
        ...(logins.some((other) => other.user !== user && other.password === password)
          ? [`${address}: the user ${user} has the password of another user, expected one of its own`]
          : []),
      ]),
  },
];
