import { profiles } from '@mlterra/core';
import type { ClusterFacts, MachineGroupFacts, ObjectStoreFacts, PostgresFacts } from './facts';
import { capabilityContext } from './rehearsed-recipes';
import { checkCluster, checkMachineGroup, checkObjectStore, checkPostgres } from './run-suites';
import {
  goodCluster,
  goodMachines,
  goodPostgres,
  goodStore,
  onHost,
  onMachines,
  production,
} from './testing/good-facts';
import { mutationTests, type Mutation } from './testing/mutation';

const development = { ...production, profile: profiles.development };

const clusterFaults: readonly Mutation<ClusterFacts>[] = [
  {
    fault: 'nodes with public addresses',
    check: 'private-nodes',
    says: 'cloud_cluster.main: privacy of the nodes is false, expected true',
    spoil: (facts) => (facts.privateNodes = false),
  },
  {
    fault: 'an API server that anyone reaches',
    check: 'api-server-restricted',
    says: 'what reaches the API server is ["10.0.0.0/8","0.0.0.0/0"], expected named address ranges',
    spoil: (facts) => (facts.apiServerOpenTo = ['10.0.0.0/8', '0.0.0.0/0']),
  },
  {
    fault: 'an API server that anyone reaches by IPv6',
    check: 'api-server-restricted',
    says: '["::/0"]',
    spoil: (facts) => (facts.apiServerOpenTo = ['::/0']),
  },
  {
    fault: 'an API server of which nobody knows who reaches it',
    check: 'api-server-restricted',
    says: 'what reaches the API server is not known',
    spoil: (facts) => delete (facts as Partial<typeof facts>).apiServerOpenTo,
  },
  {
    fault: 'Secrets without encryption',
    check: 'secrets-encrypted',
    says: 'encryption of Secrets is false',
    spoil: (facts) => (facts.secretsEncrypted = false),
  },
  {
    fault: 'disks of nodes without encryption',
    check: 'node-disks-encrypted',
    says: "encryption of the nodes' disks is false",
    spoil: (facts) => (facts.nodeDisksEncrypted = false),
  },
  {
    fault: 'a pool that does not grow',
    check: 'autoscaled',
    says: 'autoscaling is {"minNodes":3,"maxNodes":3}',
    spoil: (facts) => (facts.autoscaling.maxNodes = 3),
  },
  {
    fault: 'a pool without autoscaling',
    check: 'autoscaled',
    says: 'autoscaling is not known',
    spoil: (facts) => delete (facts as Partial<typeof facts>).autoscaling,
  },
  {
    fault: 'a single node in production',
    check: 'autoscaled',
    says: '{"minNodes":1,"maxNodes":9}, expected at least 2 nodes',
    spoil: (facts) => (facts.autoscaling.minNodes = 1),
  },
  {
    fault: 'pods without identity',
    check: 'workload-identity',
    says: 'workload identity is false',
    spoil: (facts) => (facts.workloadIdentity = false),
  },
  {
    fault: "nodes that run as the cloud's default account",
    check: 'node-identity',
    says: 'the account of the nodes is false',
    spoil: (facts) => (facts.ownNodeIdentity = false),
  },
  {
    fault: 'network policies that nobody enforces',
    check: 'network-policy-enforced',
    says: 'enforcement of network policies is false',
    spoil: (facts) => (facts.networkPolicyEnforced = false),
  },
  {
    fault: 'nodes that nobody upgrades',
    check: 'auto-upgrade',
    says: 'repair and upgrade of nodes is false',
    spoil: (facts) => (facts.autoUpgrade = false),
  },
  {
    fault: 'no audit log',
    check: 'audit-log',
    says: 'the audit log is false',
    spoil: (facts) => (facts.auditLog = false),
  },
  {
    fault: 'nodes that boot anything',
    check: 'verified-boot',
    says: 'verified boot of the nodes is false',
    spoil: (facts) => (facts.verifiedBoot = false),
  },
  {
    fault: 'a production cluster that can be deleted',
    check: 'deletion-protection',
    says: 'deletion protection is false, expected true',
    spoil: (facts) => (facts.deletionProtection = false),
  },
  {
    fault: 'client certificates',
    check: 'legacy-authentication-off',
    says: 'absence of old ways to log in is false',
    spoil: (facts) => (facts.legacyAuthenticationOff = false),
  },
];

const postgresFaults: readonly Mutation<PostgresFacts>[] = [
  {
    fault: 'a version without updates',
    check: 'version-maintained',
    says: 'cloud_sql.main: the major version is 12, expected 15 or later',
    spoil: (facts) => (facts.majorVersion = 12),
  },
  {
    fault: 'no address',
    check: 'answers',
    says: 'where it answers is []',
    spoil: (facts) => (facts.hosts = []),
  },
  {
    fault: 'no port',
    check: 'answers',
    says: 'the port is 0',
    spoil: (facts) => (facts.port = 0),
  },
  {
    fault: 'a public address',
    check: 'private',
    says: 'reach from the internet is true, expected false',
    spoil: (facts) => (facts.public = true),
  },
  {
    fault: 'connections without TLS',
    check: 'tls-required',
    says: 'the demand for TLS is false',
    spoil: (facts) => (facts.tlsRequired = false),
  },
  {
    fault: 'disks without encryption',
    check: 'encrypted-at-rest',
    says: 'encryption at rest is false',
    spoil: (facts) => (facts.encryptedAtRest = false),
  },
  {
    fault: 'backups that are thrown away too early',
    check: 'backups',
    says: 'the number of days backups are kept is 7, expected 30 or more',
    spoil: (facts) => (facts.backupRetentionDays = 7),
  },
  {
    fault: 'no backups',
    check: 'backups',
    says: 'is not known, expected 30 or more',
    spoil: (facts) => delete (facts as Partial<typeof facts>).backupRetentionDays,
  },
  {
    fault: 'no point-in-time recovery',
    check: 'point-in-time-recovery',
    says: 'point-in-time recovery is false',
    spoil: (facts) => (facts.pointInTimeRecovery = false),
  },
  {
    fault: 'no standby',
    check: 'high-availability',
    says: 'high availability is false',
    spoil: (facts) => (facts.highAvailability = false),
  },
  {
    fault: 'a production server that can be deleted',
    check: 'deletion-protection',
    says: 'deletion protection is false, expected true',
    spoil: (facts) => (facts.deletionProtection = false),
  },
  {
    fault: 'a database of the administrator',
    check: 'owners',
    says: 'the owner of the database notes is "postgres"',
    spoil: (facts) => (facts.logins[0]!.user = 'postgres'),
  },
  {
    fault: 'two databases of one user',
    check: 'owners',
    says: 'the owner of the database notes_auth is "notes", expected a user that owns nothing else',
    spoil: (facts) => (facts.logins[1]!.user = 'notes'),
  },
  {
    fault: 'a user without password',
    check: 'passwords',
    says: 'the user notes has no password',
    spoil: (facts) => (facts.logins[0]!.password = ''),
  },
  {
    fault: 'one password for two users',
    check: 'passwords',
    says: 'the user notes has the password of another user',
    spoil: (facts) => (facts.logins[0]!.password = facts.logins[1]!.password),
  },
];

const storeFaults: readonly Mutation<ObjectStoreFacts>[] = [
  {
    fault: 'no URI',
    check: 'uri',
    says: 'cloud_bucket.artifacts: the URI is not known',
    spoil: (facts) => delete (facts as Partial<typeof facts>).uri,
  },
  {
    fault: 'a bare name for a URI',
    check: 'uri',
    says: 'the URI is "artifacts", expected <scheme>://<name>',
    spoil: (facts) => (facts.uri = 'artifacts'),
  },
  {
    fault: 'public access not prevented',
    check: 'public-access-prevented',
    says: 'prevention of public access is false',
    spoil: (facts) => (facts.publicAccessPrevented = false),
  },
  {
    fault: 'a grant to everybody',
    check: 'no-public-grant',
    says: 'a member of a grant is "allUsers"',
    spoil: (facts) => (facts.grants[0]!.member = 'allUsers'),
  },
  {
    fault: 'a grant to everybody with an account',
    check: 'no-public-grant',
    says: '"allAuthenticatedUsers"',
    spoil: (facts) => (facts.grants[0]!.member = 'allAuthenticatedUsers'),
  },
  {
    fault: 'no encryption',
    check: 'encrypted-at-rest',
    says: 'encryption at rest is false',
    spoil: (facts) => (facts.encryptedAtRest = false),
  },
  {
    fault: 'no versions',
    check: 'versioned',
    says: 'versioning is false',
    spoil: (facts) => (facts.versioned = false),
  },
  {
    fault: 'access by object',
    check: 'uniform-access',
    says: 'uniform access is false',
    spoil: (facts) => (facts.uniformAccess = false),
  },
  {
    fault: 'a production store that is destroyed with all it holds',
    check: 'retained',
    says: 'retention is false',
    spoil: (facts) => (facts.retained = false),
  },
  {
    fault: 'an administrator of the store',
    check: 'narrow-grants',
    says: 'the role of account:notes is "roles/admin"',
    spoil: (facts) => Object.assign(facts.grants[0]!, { role: 'roles/admin', narrow: false }),
  },
  {
    fault: 'a grant on the whole project',
    check: 'grants-on-store-only',
    says: 'account:notes has roles/objectUser on more than this store',
    spoil: (facts) => (facts.grants[0]!.onStoreOnly = false),
  },
];

const machineFaults: readonly Mutation<MachineGroupFacts>[] = [
  {
    fault: 'public addresses',
    check: 'no-public-addresses',
    says: 'cloud_group.main: the presence of public addresses is true, expected false',
    spoil: (facts) => (facts.publicAddresses = true),
  },
  {
    fault: 'disks without encryption',
    check: 'disks-encrypted',
    says: 'encryption of the disks is false',
    spoil: (facts) => (facts.disksEncrypted = false),
  },
  {
    fault: 'machines that boot anything',
    check: 'verified-boot',
    says: 'verified boot is false',
    spoil: (facts) => (facts.verifiedBoot = false),
  },
  {
    fault: "machines that run as the cloud's default account",
    check: 'own-identity',
    says: 'an account of their own is false',
    spoil: (facts) => (facts.ownIdentity = false),
  },
  {
    fault: 'a single machine in production',
    check: 'size',
    says: 'the number of machines is [1,4], expected at least 2',
    spoil: (facts) => (facts.minMachines = 1),
  },
  {
    fault: 'a maximum below the minimum',
    check: 'size',
    says: 'the number of machines is [2,1]',
    spoil: (facts) => (facts.maxMachines = 1),
  },
  {
    fault: 'sick machines that stay',
    check: 'auto-healing',
    says: 'replacement of unhealthy machines is false',
    spoil: (facts) => (facts.autoHealing = false),
  },
  {
    fault: 'all machines replaced at once',
    check: 'rolling-update',
    says: 'a rolling update is false',
    spoil: (facts) => (facts.rollingUpdate = false),
  },
  {
    fault: 'keys on the machines',
    check: 'managed-login',
    says: "log-in by the cloud's accounts is false",
    spoil: (facts) => (facts.managedLogin = false),
  },
  {
    fault: 'a port open to the internet',
    check: 'ports-restricted',
    says: 'what reaches port 8080 is ["10.0.0.0/16","0.0.0.0/0"]',
    spoil: (facts) => facts.openPorts[0]!.from.push('0.0.0.0/0'),
  },
  {
    fault: 'a firewall rule that names no source',
    check: 'ports-restricted',
    says: 'what reaches port 22 is []',
    spoil: (facts) => facts.openPorts.push({ port: 22, from: [] }),
  },
  {
    fault: 'a generated password in the user data',
    check: 'user-data-without-secrets',
    says: 'user data holds a generated secret as plain text',
    spoil: (facts) => (facts.userData += '\nPASSWORD=Kq8vTn2mXw4zRb7y'),
  },
  {
    fault: 'a private key in the user data',
    check: 'user-data-without-secrets',
    says: 'user data holds a private key as plain text',
    spoil: (facts) => (facts.userData += '\n-----BEGIN OPENSSH PRIVATE KEY-----'),
  },
  {
    fault: 'a serial console',
    check: 'serial-console-off',
    says: 'the serial console is true',
    spoil: (facts) => (facts.serialConsole = true),
  },
];

describe('contract of a Kubernetes cluster', () => {
  mutationTests(goodCluster, clusterFaults, (facts) => checkCluster(facts, production));

  it('refuses deletion protection in development, where a destroy must work', () => {
    expect(checkCluster(goodCluster, development).findings).toEqual([
      {
        check: 'deletion-protection',
        message: 'cloud_cluster.main: deletion protection is true, expected false',
      },
    ]);
  });

  it('accepts one node in development', () => {
    const facts = { ...goodCluster, deletionProtection: false, autoscaling: { minNodes: 1, maxNodes: 3 } };
    expect(checkCluster(facts, development).findings).toEqual([]);
  });
});

describe('contract of a PostgreSQL server', () => {
  mutationTests(goodPostgres, postgresFaults, (facts) => checkPostgres(facts, production));

  it('asks development neither for a standby nor for long backups', () => {
    const facts = {
      ...goodPostgres,
      highAvailability: false,
      pointInTimeRecovery: false,
      backupRetentionDays: 3,
      deletionProtection: false,
    };
    expect(checkPostgres(facts, development).findings).toEqual([]);
  });

  it('asks a host for neither TLS nor backups, as long as it answers on loopback only', () => {
    const { address, majorVersion, hosts, port, logins } = goodPostgres;
    const facts = { address, majorVersion, hosts, port, logins, public: false, loopback: true };
    expect(checkPostgres(facts, onHost).findings).toEqual([]);
    expect(checkPostgres({ ...facts, loopback: false }, onHost).findings).toEqual([
      { check: 'tls-required', message: 'cloud_sql.main: the demand for TLS is not known, expected true' },
    ]);
  });
});

describe('contract of a PostgreSQL server that a tool of the stage runs', () => {
  const { address, majorVersion, hosts, port, logins } = goodPostgres;
  const facts = { address, majorVersion, hosts, port, logins, public: false, selfRun: true as const };

  it('asks for neither TLS nor backups: network and volumes are the business of the owner', () => {
    expect(checkPostgres(facts, production).findings).toEqual([]);
  });

  it('asks for all that a server is by itself', () => {
    const spoilt = {
      ...facts,
      public: true,
      majorVersion: 12,
      logins: [{ ...logins![0]!, user: 'postgres' }],
    };
    expect(checkPostgres(spoilt, production).findings.map(({ check }) => check)).toEqual([
      'version-maintained',
      'private',
      'owners',
    ]);
  });
});

describe('an object store that a tool of the stage runs', () => {
  it('is asked for its URI and for its grants, not for what a cloud does', () => {
    const { address, uri } = goodStore;
    expect(checkObjectStore({ address, uri, selfRun: true }, production).findings).toEqual([]);
    expect(checkObjectStore({ address, uri: 'artifacts', selfRun: true }, production).findings).toEqual([
      { check: 'uri', message: expect.stringContaining('the URI is "artifacts"') },
    ]);
  });
});

describe('a platform that exempts itself', () => {
  const exempt = { KubernetesCluster: { 'private-nodes': 'the cluster is one container of this machine' } };
  const recipe = { provider: 'laptop', platformKind: 'kubernetes', accessManagement: false, exempt } as const;

  it('is not asked for that, and for all the rest', () => {
    const context = capabilityContext(recipe, 'KubernetesCluster', 'prod');
    const facts = { ...goodCluster, privateNodes: false, auditLog: false };
    expect(checkCluster(facts, context).findings).toEqual([
      { check: 'audit-log', message: 'cloud_cluster.main: the audit log is false, expected true' },
    ]);
  });

  it('is exempted in that capability only', () => {
    expect(capabilityContext(recipe, 'MachineGroup', 'prod').exempt).toEqual({});
  });

  it('names checks that there are', () => {
    const wrong = { ...recipe, exempt: { KubernetesCluster: { 'privat-nodes': 'a typo' } } };
    expect(() => capabilityContext(wrong, 'KubernetesCluster', 'prod')).toThrow(
      'The recipe of laptop exempts its KubernetesCluster from the check "privat-nodes", which there is not.',
    );
  });
});

describe('contract of an object store', () => {
  mutationTests(goodStore, storeFaults, (facts) => checkObjectStore(facts, production));

  it('lets development destroy what it holds', () => {
    expect(checkObjectStore({ ...goodStore, retained: false }, development).findings).toEqual([]);
  });
});

describe('contract of a group of machines', () => {
  mutationTests(goodMachines, machineFaults, (facts) =>
    checkMachineGroup(facts, ['Kq8vTn2mXw4zRb7y'], onMachines),
  );
});
