import { profiles } from '@mlterra/core';
import type { CheckContext } from '../check';
import type {
  ClusterFacts,
  MachineGroupFacts,
  ObjectStoreFacts,
  PostgresFacts,
  TaskFacts,
  WorkloadFacts,
} from '../facts';
import type { ToolRecipe } from '../recipe';
import type { ToolFacts } from '../tool/tool-facts';

export const production: CheckContext = {
  profile: profiles.production,
  platformKind: 'kubernetes',
  accessManagement: true,
};

export const goodCluster: ClusterFacts = {
  address: 'cloud_cluster.main',
  privateNodes: true,
  apiServerOpenTo: ['10.0.0.0/8'],
  secretsEncrypted: true,
  nodeDisksEncrypted: true,
  autoscaling: { minNodes: 3, maxNodes: 9 },
  workloadIdentity: true,
  ownNodeIdentity: true,
  networkPolicyEnforced: true,
  autoUpgrade: true,
  auditLog: true,
  verifiedBoot: true,
  deletionProtection: true,
  legacyAuthenticationOff: true,
};

export const goodPostgres: PostgresFacts = {
  address: 'cloud_sql.main',
  stack: 'prod-database',
  majorVersion: 18,
  hosts: ['10.1.2.3'],
  port: 5432,
  public: false,
  tlsRequired: true,
  loopback: false,
  encryptedAtRest: true,
  backupRetentionDays: 30,
  pointInTimeRecovery: true,
  highAvailability: true,
  deletionProtection: true,
  logins: [
    { database: 'notes', user: 'notes', password: 'Kq8vTn2mXw4zRb7y' },
    { database: 'notes_auth', user: 'notes_auth', password: 'Lp3cYd6hQs9fGj1k' },
  ],
};

export const goodStore: ObjectStoreFacts = {
  address: 'cloud_bucket.artifacts',
  stack: 'prod-notes',
  uri: 'gs://artifacts',
  publicAccessPrevented: true,
  encryptedAtRest: true,
  versioned: true,
  uniformAccess: true,
  retained: true,
  grants: [{ member: 'account:notes', role: 'roles/objectUser', narrow: true, onStoreOnly: true }],
};

const otherStore: ObjectStoreFacts = {
  ...goodStore,
  address: 'cloud_bucket.other',
  stack: 'prod-other',
  uri: 'gs://other',
  grants: [{ member: 'account:other', role: 'roles/objectUser', narrow: true, onStoreOnly: true }],
};

export const goodMachines: MachineGroupFacts = {
  address: 'cloud_group.main',
  publicAddresses: false,
  disksEncrypted: true,
  verifiedBoot: true,
  ownIdentity: true,
  minMachines: 2,
  maxMachines: 4,
  autoHealing: true,
  rollingUpdate: true,
  managedLogin: true,
  openPorts: [{ port: 8080, from: ['10.0.0.0/16'] }],
  userData: '#cloud-config',
  serialConsole: false,
};

/** A tool that has everything a tool can have. */
export const notes: Pick<ToolRecipe, 'tool' | 'needs' | 'expectations'> = {
  tool: 'notes',
  needs: ['database', 'objectStore'],
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'registry.example.org/notes',
        databaseUrls: [
          { from: { variable: 'NOTES_DATABASE' }, scheme: 'postgresql+psycopg2' },
          {
            from: { file: '/etc/notes/auth.ini', pattern: /^database = (.*)$/m },
            scheme: 'postgresql+psycopg2',
          },
        ],
        objectStores: [{ argument: '--artifacts' }],
        secrets: [{ variable: 'NOTES_SESSION_KEY' }],
        ports: ['http'],
        probe: { port: 'http', path: '/health' },
      },
    ],
    services: ['notes'],
  },
};

const SESSION_KEY = 'Zt5bNw8rMc2xVa7e';

const url = (index: 0 | 1): string => {
  const { user, password, database } = goodPostgres.logins![index]!;
  return `postgresql+psycopg2://${user}:${password}@10.1.2.3:5432/${database}?sslmode=require`;
};

const goodWorkload: WorkloadFacts = {
  name: 'notes-server',
  container: 'server',
  address: 'helm_release.notes',
  stack: 'prod-notes',
  image: 'registry.example.org/notes:v1.2.3',
  command: ['notes', '--artifacts', 'gs://artifacts'],
  variables: { NOTES_LOG_LEVEL: 'info' },
  secretVariables: {
    NOTES_DATABASE: { reference: 'notes/database', value: url(0) },
    NOTES_SESSION_KEY: { reference: 'notes/session-key', value: SESSION_KEY },
  },
  secretFiles: {
    '/etc/notes/auth.ini': { reference: 'notes/auth.ini', value: `[notes]\ndatabase = ${url(1)}\n` },
  },
  ports: [{ name: 'http', port: 8000 }],
  reachablePorts: [8000],
  hosts: ['notes.prod.svc.cluster.local'],
  readinessProbe: { port: 8000, path: '/health' },
  livenessProbe: { port: 8000, path: '/health' },
  nonRoot: true,
  readOnlyRoot: true,
  capabilitiesDropped: true,
  privilegeEscalation: false,
  seccomp: true,
  memoryLimitMiB: 512,
  cpuRequestMillis: 250,
  replicas: 3,
  member: 'account:notes',
  apiTokenMounted: false,
  egress: [
    { cidrs: ['10.1.2.3/32'], ports: [5432] },
    { cidrs: ['0.0.0.0/0'], ports: [443] },
  ],
  plainText: ['image: registry.example.org/notes:v1.2.3', 'args: [--artifacts, gs://artifacts]'],
};

const goodTask: TaskFacts = {
  name: 'notes-setup',
  address: 'helm_release.notes Job notes-setup',
  stack: 'prod-notes',
  image: 'registry.example.org/notes-setup:v1.2.3',
  command: ['setup'],
  variables: { NOTES_LOG_LEVEL: 'info' },
  secretVariables: { NOTES_ADMINISTRATOR_KEY: { reference: 'notes-setup/key', value: 'Wd7kFs3nUv9hCb2m' } },
  nonRoot: true,
  readOnlyRoot: true,
  capabilitiesDropped: true,
  privilegeEscalation: false,
  memoryLimitMiB: 128,
  timeoutSeconds: 300,
  egress: [],
  plainText: ['image: registry.example.org/notes-setup:v1.2.3'],
};

export const goodTool: ToolFacts = {
  recipe: notes,
  stack: 'prod-notes',
  workloads: [goodWorkload],
  tasks: [goodTask],
  charts: [],
  objects: [],
  postgresServers: [goodPostgres],
  objectStores: [goodStore, otherStore],
  services: [
    {
      name: 'notes',
      url: 'http://notes.prod.svc.cluster.local:8000',
      username: 'admin',
      password: 'notes/admin',
    },
  ],
  plainOutputs: { notes_host: 'notes.prod.svc.cluster.local', notes_port: '8000' },
  secrets: [...goodPostgres.logins!.map(({ password }) => password), SESSION_KEY],
};

/** The same tool as a process of a host: on loopback, from packages, with references for secrets. */
export const goodToolOnHost: ToolFacts = {
  ...goodTool,
  tasks: [],
  workloads: [
    {
      name: 'server',
      container: 'server',
      address: 'terraform_data.processes',
      stack: 'prod-notes',
      requirements: ['notes[auth]==1.2.3', 'psycopg2-binary==2.9.13'],
      command: ['notes', '--artifacts', 'file:///objects/prod/notes/artifacts'],
      variables: { NOTES_LOG_LEVEL: 'info' },
      secretVariables: {
        NOTES_DATABASE: {
          reference: 'secrets/prod/notes/database',
          value: 'postgresql+psycopg2://notes:secrets/prod/notes/database@127.0.0.1:5432/notes',
        },
        NOTES_SESSION_KEY: {
          reference: 'secrets/prod/notes/session_key',
          value: 'secrets/prod/notes/session_key',
        },
      },
      secretFiles: {
        '/etc/notes/auth.ini': {
          reference: 'secrets/prod/notes/auth',
          value:
            'database = postgresql+psycopg2://notes_auth:secrets/prod/notes/auth@127.0.0.1:5432/notes_auth\n',
        },
      },
      ports: [{ name: 'http', port: 8000 }],
      reachablePorts: [8000],
      hosts: ['127.0.0.1'],
      readinessProbe: { port: 8000, path: '/health' },
      plainText: ['notes', '--artifacts'],
    },
  ],
  postgresServers: [
    {
      address: 'terraform_data.processes',
      stack: 'prod-database',
      majorVersion: 18,
      hosts: ['127.0.0.1'],
      port: 5432,
      public: false,
      loopback: true,
      logins: [
        { database: 'notes', user: 'notes', password: 'secrets/prod/notes/database' },
        { database: 'notes_auth', user: 'notes_auth', password: 'secrets/prod/notes/auth' },
      ],
    },
  ],
  objectStores: [
    { address: 'terraform_data.processes', stack: 'prod-notes', uri: 'file:///objects/prod/notes/artifacts' },
    { address: 'terraform_data.processes', stack: 'prod-other', uri: 'file:///objects/prod/other/artifacts' },
  ],
  services: [{ name: 'notes', url: 'http://127.0.0.1:8000', username: '', password: '' }],
  secrets: [],
};

export const onHost: CheckContext = {
  profile: profiles.production,
  platformKind: 'host',
  accessManagement: false,
};

export const onMachines: CheckContext = { ...production, platformKind: 'machines' };
