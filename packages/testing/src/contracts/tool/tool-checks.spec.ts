import type { CheckContext } from '../check';
import type { EgressFacts } from '../facts';
import { checkTool } from '../run-suites';
import { goodTool, goodToolOnHost, notes, onHost, onMachines, production } from '../testing/good-facts';
import { mutationTests, type Loose, type Mutation } from '../testing/mutation';
import type { ToolFacts } from './tool-facts';

type Facts = Loose<ToolFacts>;

const server = (facts: Facts) => facts.workloads[0]!;
const task = (facts: Facts) => facts.tasks[0]!;
const database = (facts: Facts) => server(facts).secretVariables['NOTES_DATABASE']!;
const replaceIn = (facts: Facts, from: string, to: string): void => {
  database(facts).value = database(facts).value.replace(from, to);
};

/** Faults that every kind of platform can have. */
const faults: readonly Mutation<ToolFacts>[] = [
  {
    fault: 'a recipe that says nothing of the database',
    check: 'recipe',
    says: 'notes: it needs a database, but the recipe expects no database URL',
    spoil: (facts) => (facts.recipe.expectations.workloads[0]!.databaseUrls = []),
  },
  {
    fault: 'a program that does not run',
    check: 'programs',
    says: 'prod-notes: the list of programs is ["worker"], expected server among them',
    spoil: (facts) => {
      server(facts).container = 'worker';
    },
  },
  {
    fault: 'a database URL with another scheme',
    check: 'database-url',
    says: 'the scheme of the database URL in the variable NOTES_DATABASE is "mysql", expected postgresql+psycopg2',
    spoil: (facts) => replaceIn(facts, 'postgresql+psycopg2', 'mysql'),
  },
  {
    fault: 'a database URL with the host of nothing',
    check: 'database-url',
    says: /the host of the database URL in the variable NOTES_DATABASE is "10\.9\.9\.9", expected (10\.1\.2\.3|127\.0\.0\.1)$/,
    spoil: (facts) => {
      database(facts).value = database(facts).value.replace(/@[\d.]+/, '@10.9.9.9');
    },
  },
  {
    fault: 'a database URL with a wrong port',
    check: 'database-url',
    says: 'the port of the database URL in the variable NOTES_DATABASE is 5433, expected 5432',
    spoil: (facts) => replaceIn(facts, ':5432/', ':5433/'),
  },
  {
    fault: 'a database URL with a database that nobody made',
    check: 'database-url',
    says: 'the database of the database URL in the variable NOTES_DATABASE is "nodes", expected notes or notes_auth',
    spoil: (facts) => replaceIn(facts, ':5432/notes', ':5432/nodes'),
  },
  {
    fault: 'a database URL with another user',
    check: 'database-url',
    says: 'the user of the database URL in the variable NOTES_DATABASE is "postgres", expected notes',
    spoil: (facts) => replaceIn(facts, '//notes:', '//postgres:'),
  },
  {
    fault: 'a database URL with the password of somebody else',
    check: 'database-url',
    says: 'the password of the database URL in the variable NOTES_DATABASE is not the password of notes',
    spoil: (facts) => {
      const [own, other] = facts.postgresServers[0]!.logins;
      replaceIn(facts, own!.password, other!.password);
    },
  },
  {
    fault: 'no database URL',
    check: 'database-url',
    says: 'the database URL in the variable NOTES_DATABASE is missing',
    spoil: (facts) => {
      delete (server(facts).secretVariables as Record<string, unknown>)['NOTES_DATABASE'];
    },
  },
  {
    fault: 'a database URL that is none',
    check: 'database-url',
    says: 'the database URL in the variable NOTES_DATABASE is not one that names a user',
    spoil: (facts) => (database(facts).value = 'sqlite:///notes.db'),
  },
  {
    fault: 'a file without its database URL',
    check: 'database-url',
    says: 'the database URL in the file /etc/notes/auth.ini is missing',
    spoil: (facts) => (server(facts).secretFiles['/etc/notes/auth.ini']!.value = '[notes]\n'),
  },
  {
    fault: 'a database that is gone',
    check: 'database-url',
    says: 'expected one that is there, and there is none',
    spoil: (facts) => (facts.postgresServers = []),
  },
  {
    fault: 'a secret that is empty',
    check: 'secrets-given',
    says: 'the length of the secret in the variable NOTES_SESSION_KEY is 0, expected 8 or more',
    spoil: (facts) => (server(facts).secretVariables['NOTES_SESSION_KEY']!.value = ''),
  },
  {
    fault: 'a database URL as plain text',
    check: 'credentials-by-reference',
    says: 'the secret in the variable NOTES_DATABASE is plain text, expected a reference',
    spoil: (facts) => {
      server(facts).variables['NOTES_DATABASE'] = database(facts).value;
      delete (server(facts).secretVariables as Record<string, unknown>)['NOTES_DATABASE'];
    },
  },
  {
    fault: 'a file with a password as plain text',
    check: 'credentials-by-reference',
    says: 'the secret in the file /etc/notes/auth.ini is plain text',
    spoil: (facts) => {
      server(facts).files = {
        '/etc/notes/auth.ini': server(facts).secretFiles['/etc/notes/auth.ini']!.value,
      };
      server(facts).secretFiles = {};
    },
  },
  {
    fault: 'a password in a variable nobody told us of',
    check: 'credentials-by-reference',
    says: 'the variable SMTP_PASSWORD is plain text',
    spoil: (facts) => (server(facts).variables['SMTP_PASSWORD'] = 'hunter2'),
  },
  {
    fault: 'a URL with a password in an argument',
    check: 'credentials-by-reference',
    says: 'a URL with a password stands in plain text',
    spoil: (facts) => server(facts).plainText.push('--queue amqp://notes:hunter2@queue:5672'),
  },
  {
    fault: 'a private key in a manifest',
    check: 'credentials-by-reference',
    says: 'a private key stands in plain text',
    spoil: (facts) => server(facts).plainText.push('-----BEGIN PRIVATE KEY-----'),
  },
  {
    fault: 'a generated secret in an output',
    check: 'credentials-by-reference',
    says: 'prod-notes: a generated secret stands in the output notes_login, expected a reference',
    spoil: (facts) => {
      facts.secrets.push('Zt5bNw8rMc2xVa7e');
      facts.plainOutputs['notes_login'] = 'admin/Zt5bNw8rMc2xVa7e';
    },
  },
  {
    fault: 'an object store that is not there',
    check: 'object-store',
    says: /the object store in the argument --artifacts is "gs:\/\/artefacts", expected (gs:\/\/artifacts|file:\/\/\/objects\/prod\/notes\/artifacts)$/,
    spoil: (facts) => (server(facts).command[2] = 'gs://artefacts'),
  },
  {
    fault: "another tool's object store",
    check: 'object-store',
    says: /the object store in the argument --artifacts is ".*other.*", expected .*artifacts$/,
    spoil: (facts) => (server(facts).command[2] = facts.objectStores[1]!.uri),
  },
  {
    fault: 'no object store',
    check: 'object-store',
    says: 'the object store in the argument --artifacts is not known',
    spoil: (facts) => (server(facts).command = ['notes']),
  },
  {
    fault: 'a port that no service, policy or firewall rule lets through',
    check: 'reachable',
    says: 'the list of ports that clients reach is [9000], expected 8000 (http) among them',
    spoil: (facts) => (server(facts).reachablePorts = [9000]),
  },
  {
    fault: 'no probe',
    check: 'probes',
    says: 'there is no readiness probe',
    spoil: (facts) => delete (server(facts) as Partial<Facts['workloads'][0]>).readinessProbe,
  },
  {
    fault: 'a probe on a port that the program does not have',
    check: 'probes',
    says: 'the port of the readiness probe is 8001, expected 8000 (http)',
    spoil: (facts) => (server(facts).readinessProbe.port = 8001),
  },
  {
    fault: 'a probe on another path',
    check: 'probes',
    says: 'the path of the readiness probe is "/", expected /health',
    spoil: (facts) => (server(facts).readinessProbe.path = '/'),
  },
  {
    fault: 'a liveness probe on a port that the program does not have',
    check: 'probes',
    says: 'the port of the liveness probe is 1, expected a port of the program',
    spoil: (facts) => (server(facts).livenessProbe = { port: 1, path: '', command: [] }),
  },
  {
    fault: 'a service announced on another port',
    check: 'services',
    says: /the URL of the service notes is "http:\/\/.*:8080", expected .*:8000$/,
    spoil: (facts) => (facts.services[0]!.url = facts.services[0]!.url.replace('8000', '8080')),
  },
  {
    fault: 'a service announced under another name',
    check: 'services',
    says: 'the URL of the service notes is "http://localhorst:8000"',
    spoil: (facts) => (facts.services[0]!.url = 'http://localhorst:8000'),
  },
  {
    fault: 'a service that is not announced',
    check: 'services',
    says: 'the list of services is [], expected notes among them',
    spoil: (facts) => (facts.services = []),
  },
];

/** Faults of what runs images. */
const containerFaults: readonly Mutation<ToolFacts>[] = [
  {
    fault: 'the tag latest',
    check: 'image-pinned',
    says: 'helm_release.notes: the tag of the image is "latest", expected that of a release, or a digest',
    spoil: (facts) => (server(facts).image = 'registry.example.org/notes:latest'),
  },
  {
    fault: 'an image without tag, from a registry with a port',
    check: 'image-pinned',
    says: 'the tag of the image is not known',
    spoil: (facts) => {
      server(facts).image = 'registry.example.org:5000/notes';
      facts.recipe.expectations.workloads[0]!.image = 'registry.example.org:5000/notes';
    },
  },
  {
    fault: 'a tag that moves',
    check: 'image-pinned',
    says: 'the tag of the image is "v1"',
    spoil: (facts) => (server(facts).image = 'registry.example.org/notes:v1'),
  },
  {
    fault: 'another image',
    check: 'image-pinned',
    says: 'the image is "registry.example.org/nodes:v1.2.3", expected registry.example.org/notes',
    spoil: (facts) => (server(facts).image = 'registry.example.org/nodes:v1.2.3'),
  },
  {
    fault: 'a database URL without TLS',
    check: 'database-tls',
    says: 'sslmode of the database URL in the variable NOTES_DATABASE is not known, expected require',
    spoil: (facts) => replaceIn(facts, '?sslmode=require', ''),
  },
  {
    fault: 'a database URL that would do without TLS',
    check: 'database-tls',
    says: 'sslmode of the database URL in the variable NOTES_DATABASE is "prefer"',
    spoil: (facts) => replaceIn(facts, 'sslmode=require', 'sslmode=prefer'),
  },
  {
    fault: 'a generated password in a manifest',
    check: 'credentials-by-reference',
    says: 'a generated secret stands in plain text',
    spoil: (facts) => server(facts).plainText.push(`password: ${facts.secrets[0]!}`),
  },
  {
    fault: 'the missing grant',
    check: 'grants',
    says: 'cloud_bucket.artifacts: the list of those with a grant is [], expected account:notes among them',
    spoil: (facts) => (facts.objectStores[0]!.grants = []),
  },
  {
    fault: 'a grant to somebody else',
    check: 'grants',
    says: 'a member of a grant is "account:other", expected account:notes',
    spoil: (facts) => (facts.objectStores[0]!.grants[0]!.member = 'account:other'),
  },
  {
    fault: 'a second grant, to somebody else',
    check: 'grants',
    says: 'a member of a grant is "account:guest"',
    spoil: (facts) =>
      facts.objectStores[0]!.grants.push({ ...facts.objectStores[0]!.grants[0]!, member: 'account:guest' }),
  },
  {
    fault: "a grant on another tool's store",
    check: 'grants',
    says: 'cloud_bucket.other: the list of those with a grant is ["account:other","account:notes"], expected no account:notes',
    spoil: (facts) => facts.objectStores[1]!.grants.push(facts.objectStores[0]!.grants[0]!),
  },
  {
    fault: 'a grant that allows too much',
    check: 'grants',
    says: 'the role of account:notes is "roles/admin"',
    spoil: (facts) =>
      Object.assign(facts.objectStores[0]!.grants[0]!, { role: 'roles/admin', narrow: false }),
  },
  {
    fault: 'a grant on all stores',
    check: 'grants',
    says: 'account:notes has roles/objectUser on more than this store',
    spoil: (facts) => (facts.objectStores[0]!.grants[0]!.onStoreOnly = false),
  },
  {
    fault: 'a program without identity',
    check: 'grants',
    says: 'who it is to the cloud is not known',
    spoil: (facts) => delete (server(facts) as Partial<Facts['workloads'][0]>).member,
  },
  {
    fault: 'root',
    check: 'non-root',
    says: 'a user other than root is false',
    spoil: (facts) => (server(facts).nonRoot = false),
  },
  {
    fault: 'a writable root',
    check: 'read-only-root',
    says: 'a read-only root is false',
    spoil: (facts) => (server(facts).readOnlyRoot = false),
  },
  {
    fault: 'capabilities',
    check: 'capabilities-dropped',
    says: 'the dropping of all capabilities is false',
    spoil: (facts) => (server(facts).capabilitiesDropped = false),
  },
  {
    fault: 'privilege escalation',
    check: 'no-privilege-escalation',
    says: 'privilege escalation is true, expected false',
    spoil: (facts) => (server(facts).privilegeEscalation = true),
  },
  {
    fault: 'no seccomp profile',
    check: 'seccomp',
    says: 'a seccomp profile is not known',
    spoil: (facts) => delete (server(facts) as Partial<Facts['workloads'][0]>).seccomp,
  },
  {
    fault: 'memory without limit',
    check: 'resources',
    says: 'the limit of memory is not known',
    spoil: (facts) => delete (server(facts) as Partial<Facts['workloads'][0]>).memoryLimitMiB,
  },
];

/** Faults of what runs to its end. */
const taskFaults: readonly Mutation<ToolFacts>[] = [
  {
    fault: 'a task with an image that moves',
    check: 'tasks',
    says: 'helm_release.notes Job notes-setup: the image is "registry.example.org/notes-setup:latest"',
    spoil: (facts) => (task(facts).image = 'registry.example.org/notes-setup:latest'),
  },
  {
    fault: 'a task that runs as root',
    check: 'tasks',
    says: 'Job notes-setup: a user other than root is false, expected true',
    spoil: (facts) => (task(facts).nonRoot = false),
  },
  {
    fault: 'a task with a writable root',
    check: 'tasks',
    says: 'Job notes-setup: a read-only root is not known',
    spoil: (facts) => delete (task(facts) as Partial<Facts['tasks'][0]>).readOnlyRoot,
  },
  {
    fault: 'a task with privileges',
    check: 'tasks',
    says: 'Job notes-setup: privilege escalation is true, expected false',
    spoil: (facts) => (task(facts).privilegeEscalation = true),
  },
  {
    fault: 'a task with capabilities',
    check: 'tasks',
    says: 'Job notes-setup: the dropping of all capabilities is false',
    spoil: (facts) => (task(facts).capabilitiesDropped = false),
  },
  {
    fault: 'a task whose memory has no limit',
    check: 'tasks',
    says: 'Job notes-setup: the limit of memory is not known',
    spoil: (facts) => delete (task(facts) as Partial<Facts['tasks'][0]>).memoryLimitMiB,
  },
  {
    fault: 'a task that may run for ever',
    check: 'tasks',
    says: 'Job notes-setup: when it is given up is not known, expected a number of seconds',
    spoil: (facts) => delete (task(facts) as Partial<Facts['tasks'][0]>).timeoutSeconds,
  },
  {
    fault: 'a password in a plain variable of a task',
    check: 'credentials-by-reference',
    says: 'Job notes-setup: the variable PGPASSWORD is plain text',
    spoil: (facts) => (task(facts).variables['PGPASSWORD'] = 'hunter2'),
  },
  {
    fault: 'a generated password in the command of a task',
    check: 'credentials-by-reference',
    says: 'Job notes-setup: a generated secret stands in plain text',
    spoil: (facts) => task(facts).plainText.push(`--key ${facts.secrets[0]!}`),
  },
];

const clusterFaults: readonly Mutation<ToolFacts>[] = [
  {
    fault: "a token of the cluster's API that nobody asked for",
    check: 'api-token',
    says: "a token of the cluster's API is true, expected false",
    spoil: (facts) => (server(facts).apiTokenMounted = true),
  },
  {
    fault: 'a policy that does not let the program out to its database',
    check: 'egress',
    says: 'helm_release.notes: no policy lets it out to 10.1.2.3:5432, which is the URL in the variable NOTES_DATABASE, expected one',
    spoil: (facts) => (server(facts).egress = [{ cidrs: ['0.0.0.0/0'], ports: [443], hosts: [] }]),
  },
  {
    fault: 'a policy for another network',
    check: 'egress',
    says: 'no policy lets it out to 10.1.2.3:5432',
    spoil: (facts) => ((server(facts).egress[0] as Loose<EgressFacts>).cidrs = ['10.1.3.0/24']),
  },
  {
    fault: 'a policy for another port',
    check: 'egress',
    says: 'no policy lets it out to 10.1.2.3:5432',
    spoil: (facts) => ((server(facts).egress[0] as Loose<EgressFacts>).ports = [5433]),
  },
  {
    fault: 'a policy that does not let the program out to its object store',
    check: 'egress',
    says: 'no policy lets it out to storage.googleapis.com:443, which is the object store in the argument --artifacts',
    spoil: (facts) => (server(facts).egress as unknown[]).pop(),
  },
  {
    fault: 'a policy that does not let the program out to the endpoint of a server',
    check: 'egress',
    says: 'no policy lets it out to store.prod.svc:9000, which is the URL in the variable AWS_ENDPOINT_URL_S3',
    spoil: (facts) => (server(facts).variables['AWS_ENDPOINT_URL_S3'] = 'http://store.prod.svc:9000/'),
  },
  {
    fault: 'a program that reaches all ports of all pods',
    check: 'egress',
    says: 'helm_release.notes: what it may connect to is ["*"], expected named ports',
    spoil: (facts) => (server(facts).egress as unknown[]).push({ hosts: ['*'] }),
  },
  {
    fault: 'a task that reaches everything',
    check: 'egress',
    says: 'Job notes-setup: what it may connect to is "free", expected named peers only',
    spoil: (facts) => (task(facts).egress = 'free'),
  },
  {
    fault: 'a task that does not reach its database',
    check: 'egress',
    says: 'Job notes-setup: no policy lets it out to 10.1.2.3:5432, which is the server in the variable PGHOST',
    spoil: (facts) => (task(facts).variables['PGHOST'] = '10.1.2.3'),
  },
];

const hostFaults: readonly Mutation<ToolFacts>[] = [
  {
    fault: 'a requirement without version',
    check: 'program-pinned',
    says: 'terraform_data.processes: a requirement is "notes[auth]", expected one version, by ==',
    spoil: (facts) => (server(facts).requirements[0] = 'notes[auth]'),
  },
  {
    fault: 'a requirement with a range',
    check: 'program-pinned',
    says: 'a requirement is "notes>=1.2"',
    spoil: (facts) => (server(facts).requirements[0] = 'notes>=1.2'),
  },
  {
    fault: 'a requirement with any last number',
    check: 'program-pinned',
    says: 'a requirement is "notes==1.*"',
    spoil: (facts) => (server(facts).requirements[0] = 'notes==1.*'),
  },
  {
    fault: 'no program',
    check: 'program-pinned',
    says: 'the list of requirements is []',
    spoil: (facts) => (server(facts).requirements = []),
  },
];

const checked = (context: CheckContext) => (facts: ToolFacts) => checkTool(facts, context);

describe('contract of tools on Kubernetes', () => {
  mutationTests(
    goodTool,
    [...faults, ...containerFaults, ...taskFaults, ...clusterFaults],
    checked(production),
  );

  it('takes an image by digest', () => {
    const digest = `registry.example.org/notes@sha256:${'0a'.repeat(32)}`;
    const facts = { ...goodTool, workloads: [{ ...goodTool.workloads[0]!, image: digest }] };
    expect(checkTool(facts, production).findings).toEqual([]);
  });

  it('finds no value where the platform keeps a secret to itself', () => {
    const [workload] = goodTool.workloads;
    const secretVariables = {
      ...workload!.secretVariables,
      NOTES_SESSION_KEY: { reference: 'notes/session-key' },
    };
    const facts = { ...goodTool, workloads: [{ ...workload!, secretVariables }] };
    expect(checkTool(facts, production).findings.map(({ check }) => check)).toEqual(['secrets-given']);
  });
});

describe('contract of tools on machines', () => {
  mutationTests(goodTool, [...faults, ...containerFaults, ...taskFaults], checked(onMachines));
});

describe('a probe by a program in the image', () => {
  const withProbe = (command: readonly string[]): ToolFacts => {
    const [expectation] = notes.expectations.workloads;
    return {
      ...goodTool,
      recipe: {
        ...notes,
        expectations: {
          ...notes.expectations,
          workloads: [{ ...expectation!, probe: { port: 'http', program: 'is-ready' } }],
        },
      },
      workloads: [{ ...goodTool.workloads[0]!, readinessProbe: { command } }],
    };
  };

  it('is right when it is that program', () => {
    expect(checkTool(withProbe(['is-ready', '--quiet']), production).findings).toEqual([]);
  });

  it('is wrong when it is another', () => {
    expect(checkTool(withProbe(['true']), production).findings).toEqual([
      {
        check: 'probes',
        message: 'helm_release.notes: the program of the readiness probe is "true", expected is-ready',
      },
    ]);
  });
});

describe('contract of tools on Docker', () => {
  const onDocker: CheckContext = { ...onMachines, platformKind: 'docker', accessManagement: false };

  it('leaves out what an engine cannot have', () => {
    const left = checkTool(goodTool, production).ran.filter(
      (check) => !checkTool(goodTool, onDocker).ran.includes(check),
    );
    expect(left).toEqual(['database-tls', 'grants', 'api-token', 'egress']);
  });

  it('sees what any container can lack', () => {
    const facts = { ...goodTool, workloads: [{ ...goodTool.workloads[0]!, readOnlyRoot: false }] };
    expect(checkTool(facts, onDocker).findings).toEqual([
      {
        check: 'read-only-root',
        message: 'helm_release.notes: a read-only root is false, expected true',
      },
    ]);
  });
});

describe('a database that a tool of the stage runs', () => {
  const withoutTls: ToolFacts = {
    ...goodTool,
    workloads: [
      {
        ...goodTool.workloads[0]!,
        secretVariables: Object.fromEntries(
          Object.entries(goodTool.workloads[0]!.secretVariables!).map(([name, use]) => [
            name,
            { ...use, value: use.value!.replace('?sslmode=require', '') },
          ]),
        ),
      },
    ],
  };

  it('may be talked to without TLS, as its network is that of the platform', () => {
    const servers = withoutTls.postgresServers.map((server) => ({ ...server, selfRun: true as const }));
    expect(checkTool({ ...withoutTls, postgresServers: servers }, production).findings).toEqual([]);
    expect(checkTool(withoutTls, production).findings).toEqual([
      { check: 'database-tls', message: expect.stringContaining('sslmode') },
    ]);
  });
});

describe('contract of tools on a host', () => {
  mutationTests(goodToolOnHost, [...faults, ...hostFaults], checked(onHost));
});

describe('contract of a tool that is a PostgreSQL server', () => {
  const recipe = {
    tool: 'archive',
    expectations: { workloads: [], runsPostgres: true, services: ['archive'] },
  };
  const facts: ToolFacts = {
    ...goodToolOnHost,
    recipe,
    stack: 'prod-database',
    workloads: [],
    services: [{ name: 'archive', url: 'postgresql://127.0.0.1:5432', username: '', password: '' }],
    plainOutputs: {},
  };

  it('finds nothing wrong with what is right', () => {
    expect(checkTool(facts, onHost)).toEqual({
      ran: ['recipe', 'server', 'credentials-by-reference', 'services'],
      findings: [],
    });
  });

  it('sees what is wrong with the server', () => {
    const [server] = facts.postgresServers;
    const { findings } = checkTool({ ...facts, postgresServers: [{ ...server!, majorVersion: 9 }] }, onHost);
    expect(findings).toEqual([
      {
        check: 'server',
        message: 'terraform_data.processes: the major version is 9, expected 15 or later',
      },
    ]);
  });

  it('sees that there is no server', () => {
    expect(checkTool({ ...facts, postgresServers: [] }, onHost).findings).toContainEqual({
      check: 'server',
      message: 'prod-database: there is no PostgreSQL server, expected one',
    });
  });
});
