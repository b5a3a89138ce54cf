import type {
  DnsZone,
  ObjectStore,
  Platform,
  PlatformKind,
  PostgresDatabase,
  Profile,
  SecretStore,
  Stack,
  Stage,
} from '@mlterra/core';
import type { Construct } from 'constructs';
import type {
  ChartFacts,
  ObjectFacts,
  ObjectStoreFacts,
  Observer,
  PostgresFacts,
  TaskFacts,
  WorkloadFacts,
} from './facts';

/** `iaas`: programs on machines one looks after; `paas`: on a platform that looks after itself. */
export type Way = 'iaas' | 'paas';

/** How something that a provider offers is built, and looked at once it is there. */
export interface CapabilityRecipe {
  /** Name of the provider's package without its scope, e.g. `gcp`. */
  readonly provider: string;
  readonly platformKind: PlatformKind;
  readonly way: Way;
  /** Whether a cloud decides who may do what: if so, a workload needs a grant for all that it reaches. */
  readonly accessManagement: boolean;
  /** Checks of its capabilities that mean nothing on it, by identifier, with the reason. @default - all mean something */
  readonly exempt?: Exemptions;
  /** Builds the stacks of a stage, any number of them. */
  build(stage: Stage<unknown>): unknown;
  readonly observer: Observer;
}

/** Reasons by the identifiers of checks, by capability: a cluster on a laptop has no nodes to hide from the internet. */
export type Exemptions = Partial<
  Readonly<
    Record<
      'KubernetesCluster' | 'PostgresDatabase' | 'ObjectStore' | 'MachineGroup',
      Readonly<Record<string, string>>
    >
  >
>;

/** How tools come to run on one platform of a provider. Exported by the provider's package as `./contract`. */
export interface PlatformRecipe extends CapabilityRecipe {
  /** Builds the stacks of the platform in a stage, any number of them, and hands out what tools need. */
  build(stage: Stage<unknown>): PlatformServices;
}

/** What a platform offers to tools. What it does not have is left out, and tools that need it have no cell there. */
export interface PlatformServices {
  readonly platform: Platform;
  /** One server for all tools; each makes databases of its own. */
  readonly database?: PostgresDatabase;
  /** Makes an object store in the stack of `scope`; each tool has one of its own. */
  addObjectStore?(scope: Construct, id: string): ObjectStore;
  /** Where secrets of people are kept. */
  readonly secretStore?: SecretStore;
  /** A zone for names of services. */
  readonly dnsZone?: DnsZone;
}

/** What a tool cannot do without, beside a platform of a kind it runs on. */
export type ToolNeed = 'database' | 'objectStore' | 'secretStore' | 'dnsZone';

/** How a tool is put on a platform, and what must then be true. Exported by the tool's package as `./contract`. */
export interface ToolRecipe {
  /** Name of the tool's package without its scope, e.g. `mlflow`. */
  readonly tool: string;
  /** Kinds of platforms it runs on. */
  readonly runsOn: readonly PlatformKind[];
  /** Services it needs. @default - none */
  readonly needs?: readonly ToolNeed[];
  /** Puts the tool into a stack that holds nothing else; what must be there before it, e.g. an operator, by `before`. */
  build(stack: Stack, services: ToolServices): void;
  readonly expectations: ToolExpectations;
  /** What it offers to other tools, on platforms that have no such service of their own. @default - nothing */
  readonly serves?: Served;
}

export type Served = ServedDatabase | ServedObjectStore;

/** A tool that is a PostgreSQL server. */
export interface ServedDatabase {
  readonly need: 'database';
  /** Puts it into a stack that holds nothing else. */
  build(stack: Stack, services: ServerServices): PostgresDatabase;
  /** Its servers, as their programs and the tasks that make databases show them. */
  facts(programs: Programs): readonly PostgresFacts[];
}

/** A tool that keeps objects. */
export interface ServedObjectStore {
  readonly need: 'objectStore';
  /** Puts it into a stack that holds nothing else. */
  build(stack: Stack, services: ServerServices): NonNullable<PlatformServices['addObjectStore']>;
  /** Its stores, as its programs and the tasks that make stores show them. */
  facts(programs: Programs): readonly ObjectStoreFacts[];
}

export type ServerServices = Pick<ToolServices, 'platform' | 'profile' | 'port' | 'before'>;

/** All that runs in a stage, and what operators are asked to run. */
export interface Programs {
  readonly workloads: readonly WorkloadFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly charts: readonly ChartFacts[];
  readonly objects: readonly ObjectFacts[];
}

/** What a recipe may build with; services it does not need may be missing. */
export interface ToolServices {
  readonly platform: Platform;
  readonly profile: Profile;
  /** A port that no other tool of the stage has, for platforms where all share one address. */
  readonly port: number;
  /**
   * Builds what must be there before the tool, e.g. its operator, in a stack of its own, which counts as part of the tool.
   * Recipes that give it the same name share it: it is built once in a stage.
   */
  before<T>(name: string, build: (stack: Stack) => T): T;
  /** @throws where the recipe does not need a database */
  readonly database: PostgresDatabase;
  /** @throws where the recipe does not need an object store */
  addObjectStore(scope: Construct, id: string): ObjectStore;
  /** There where the platform offers one, always where the recipe needs it. */
  readonly secretStore?: SecretStore;
  /** There where the platform offers one, always where the recipe needs it. */
  readonly dnsZone?: DnsZone;
}

/** What must be true of the tool, wherever it runs. */
export interface ToolExpectations {
  /** Its programs, one per container. */
  readonly workloads: readonly WorkloadExpectation[];
  /** Upstream charts that it is, or that it is made of. @default - none */
  readonly charts?: readonly ChartExpectation[];
  /** Kubernetes objects of its own beside programs, e.g. custom resources. @default - none */
  readonly objects?: readonly ObjectExpectation[];
  /** Names in the list of services that it announces. @default - none */
  readonly services?: readonly string[];
  /** A PostgreSQL server that is the tool itself, not one it uses, must be in its stack. @default false */
  readonly runsPostgres?: boolean;
}

export interface ChartExpectation {
  /** Name of the chart, e.g. `cert-manager`. */
  readonly chart: string;
  /** Where it comes from: `https://…` or `oci://…`. */
  readonly repository: string;
  /** Paths in its values that hold the name of a Secret, which must be in the namespace, e.g. `auth.existingSecret`. @default - none */
  readonly secretNames?: readonly string[];
  /** Paths in its values that must be `false`: charts it would bring along, e.g. `postgresql.enabled`. @default - none */
  readonly off?: readonly string[];
  /** What its pods keep to. @default "restricted" */
  readonly podSecurity?: 'restricted' | 'baseline' | 'privileged';
}

/** An object that must be in the stack of the tool. */
export interface ObjectExpectation {
  readonly apiVersion: string;
  readonly kind: string;
  /** Paths that hold the name of a Secret, which must be in its namespace, e.g. `spec.superuserSecret.name`. @default - none */
  readonly secretNames?: readonly string[];
}

export interface WorkloadExpectation {
  /** Kinds of platforms that run it as a program; elsewhere it is something else. @default - all that the tool runs on */
  readonly on?: readonly PlatformKind[];
  /** Name of the container in the tool's workload, e.g. `server`. */
  readonly container: string;
  /** Image without tag and digest, e.g. `ghcr.io/mlflow/mlflow`. */
  readonly image: string;
  /** Where it finds its databases, each a URL with user and password. @default - it has none */
  readonly databaseUrls?: readonly DatabaseUrlExpectation[];
  /** Where it finds its object stores, each a URI. @default - it has none */
  readonly objectStores?: readonly ValueSource[];
  /** Further URLs of servers that it connects to, e.g. of a cache. @default - none */
  readonly urls?: readonly ValueSource[];
  /** Further secrets it must get, beside those in its database URLs. @default - none */
  readonly secrets?: readonly ValueSource[];
  /** Names of ports that clients reach. @default - none */
  readonly ports?: readonly string[];
  /** What is asked whether it is ready. @default - it needs no probe */
  readonly probe?: ProbeExpectation;
  /** It talks to the API of its cluster, with a token in the container. @default false */
  readonly usesClusterApi?: boolean;
}

export interface ProbeExpectation {
  /** Name of the port it is about. */
  readonly port: string;
  /** @default - a connection is enough */
  readonly path?: string;
  /** Program in the image that is asked instead of the port. @default - the port is asked */
  readonly program?: string;
}

export interface DatabaseUrlExpectation {
  readonly from: ValueSource;
  /** Scheme of the URL, e.g. `postgresql+psycopg2`. */
  readonly scheme: string;
}

/** Where a program reads a value. */
export type ValueSource =
  /** An environment variable. */
  | { readonly variable: string }
  /** The argument after this one, e.g. `--artifacts-destination`. */
  | { readonly argument: string }
  /** The first group of `pattern` in a file, by its path in the container. */
  | { readonly file: string; readonly pattern: RegExp };
