import type { RehearsedResource, RehearsedStack } from '@mlterra/rehearsal';

/**
 * What is there after a rehearsed apply, in words that fit every cloud. A provider's observer reads them out of
 * the *applied* resources, with every reference resolved, so a wrong wire shows as a wrong value. A fact that
 * cannot be found is `undefined`, and every check treats that as not held.
 */
export interface Observer {
  /** Name of the provider's package without its scope, e.g. `gcp`. */
  readonly provider: string;
  readonly clusters?: (stage: Rehearsed) => readonly ClusterFacts[];
  readonly postgresServers?: (stage: Rehearsed) => readonly PostgresFacts[];
  readonly objectStores?: (stage: Rehearsed) => readonly ObjectStoreFacts[];
  readonly machineGroups?: (stage: Rehearsed) => readonly MachineGroupFacts[];
  /** Programs as the platform of this provider renders them. */
  readonly workloads?: (stage: Rehearsed) => readonly WorkloadFacts[];
  /** Upstream charts as they are given to the cluster. */
  readonly charts?: (stage: Rehearsed) => readonly ChartFacts[];
  /** Kubernetes objects, Secrets included, as they reach the cluster. */
  readonly objects?: (stage: Rehearsed) => readonly ObjectFacts[];
  /** Tasks as the platform of this provider renders them. */
  readonly tasks?: (stage: Rehearsed) => readonly TaskFacts[];
}

/** The applied resources of one stage, with those of `shared`. */
export interface Rehearsed {
  readonly stacks: readonly RehearsedStack[];
  /** All managed resources of a type. */
  resources(type: string): readonly (RehearsedResource & { readonly stack: string })[];
}

export interface ClusterFacts {
  /** Address of the resource the facts are about, for messages. */
  readonly address: string;
  /** The nodes have no public address. */
  readonly privateNodes?: boolean;
  /** Address ranges that reach the API server; `0.0.0.0/0` where anyone does, none where no public address is. */
  readonly apiServerOpenTo?: readonly string[];
  /** Secrets are encrypted in the cluster's store by a key of the owner. */
  readonly secretsEncrypted?: boolean;
  /** Disks of the nodes are encrypted. */
  readonly nodeDisksEncrypted?: boolean;
  /** Every pool of nodes grows and shrinks by itself, between these numbers over all zones. */
  readonly autoscaling?: { readonly minNodes: number; readonly maxNodes: number };
  /** Pods get identities of the cloud without keys. */
  readonly workloadIdentity?: boolean;
  /** The nodes run as an account made for them, with no more than it takes. */
  readonly ownNodeIdentity?: boolean;
  /** Network policies are enforced, not only accepted. */
  readonly networkPolicyEnforced?: boolean;
  /** Nodes are repaired and upgraded by the cloud. */
  readonly autoUpgrade?: boolean;
  /** The API server writes an audit log. */
  readonly auditLog?: boolean;
  /** Nodes check what they boot. */
  readonly verifiedBoot?: boolean;
  readonly deletionProtection?: boolean;
  /** No old way to log in: basic authentication, client certificates, attribute-based access. */
  readonly legacyAuthenticationOff?: boolean;
}

export interface PostgresFacts {
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack?: string;
  readonly majorVersion?: number;
  /** Host names or addresses under which it answers. */
  readonly hosts?: readonly string[];
  readonly port?: number;
  /** It can be reached from the internet. */
  readonly public?: boolean;
  /** It refuses connections without TLS; on loopback that does not matter and `loopback` is true. */
  readonly tlsRequired?: boolean;
  readonly loopback?: boolean;
  /** See {@link SelfRun}. */
  readonly selfRun?: SelfRun;
  readonly encryptedAtRest?: boolean;
  /** 0 where none are made. */
  readonly backupRetentionDays?: number;
  readonly pointInTimeRecovery?: boolean;
  readonly highAvailability?: boolean;
  readonly deletionProtection?: boolean;
  /** Databases with their owner, each a user that owns nothing else. */
  readonly logins?: readonly PostgresLoginFacts[];
}

export interface PostgresLoginFacts {
  readonly database: string;
  readonly user: string;
  /** The password itself where it is in the state, else its reference. */
  readonly password: string;
}

export interface ObjectStoreFacts {
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack?: string;
  /** See {@link SelfRun}. */
  readonly selfRun?: SelfRun;
  /** As a client names it, without a path in it: `gs://name`, `s3://name`, `file:///…`. */
  readonly uri?: string;
  readonly publicAccessPrevented?: boolean;
  readonly encryptedAtRest?: boolean;
  /** Overwritten and deleted objects can be had back. */
  readonly versioned?: boolean;
  /** Access is granted on the whole store only, not by object. */
  readonly uniformAccess?: boolean;
  /** A destroy with objects in it fails. */
  readonly retained?: boolean;
  readonly grants?: readonly GrantFacts[];
}

export interface GrantFacts {
  readonly member: string;
  readonly role: string;
  /** The role is the narrowest that reads, writes and deletes objects. */
  readonly narrow: boolean;
  /** The grant is on this store alone. */
  readonly onStoreOnly: boolean;
}

export interface MachineGroupFacts {
  readonly address: string;
  readonly publicAddresses?: boolean;
  readonly disksEncrypted?: boolean;
  readonly verifiedBoot?: boolean;
  readonly ownIdentity?: boolean;
  readonly minMachines?: number;
  readonly maxMachines?: number;
  /** A machine that fails its health check is replaced. */
  readonly autoHealing?: boolean;
  /** Machines are replaced a few at a time when their template changes. */
  readonly rollingUpdate?: boolean;
  /** Log-in goes through the cloud's accounts, not through keys on the machines. */
  readonly managedLogin?: boolean;
  /** What can reach which port. */
  readonly openPorts?: readonly { readonly port: number; readonly from: readonly string[] }[];
  readonly userData?: string;
  readonly serialConsole?: boolean;
}

/** One program of a tool as the platform runs it. */
export interface WorkloadFacts {
  /** Name, unique in the stage. */
  readonly name: string;
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack: string;
  /** Name of its container in the workload the tool wrote. */
  readonly container?: string;
  /** Image, where the platform runs images. */
  readonly image?: string;
  /** Requirements with versions, where it runs programs. */
  readonly requirements?: readonly string[];
  readonly command?: readonly string[];
  /** Plain variables, as written. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Variables taken from a secret: what they resolve to, and by which reference. */
  readonly secretVariables?: Readonly<Record<string, SecretUse>>;
  /** Plain files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly secretFiles?: Readonly<Record<string, SecretUse>>;
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
  /** Ports a client inside the stage reaches, through service, policy and firewall alike. */
  readonly reachablePorts?: readonly number[];
  /** Names and addresses, without ports, under which those clients reach it. */
  readonly hosts?: readonly string[];
  readonly readinessProbe?: ProbeFacts;
  readonly livenessProbe?: ProbeFacts;
  readonly nonRoot?: boolean;
  readonly readOnlyRoot?: boolean;
  readonly capabilitiesDropped?: boolean;
  readonly privilegeEscalation?: boolean;
  readonly seccomp?: boolean;
  readonly memoryLimitMiB?: number;
  readonly cpuRequestMillis?: number;
  readonly replicas?: number;
  /** Who it is to the cloud, as grants name it; undefined on platforms without one. */
  readonly member?: string;
  /** A token of the cluster's API is in the container. */
  readonly apiTokenMounted?: boolean;
  /** What it may connect to; undefined where the platform holds nothing back, or nobody knows. */
  readonly egress?: Egress;
  /** Every text anyone with read access to plain objects can see: manifests, values, arguments; secrets excepted. */
  readonly plainText?: readonly string[];
}

/** What a program may connect to beside name servers: `free` where no policy is about it, else what policies let it. */
export type Egress = 'free' | readonly EgressFacts[];

/** Something that policies let a program connect to. */
export interface EgressFacts {
  /** Names under which clients reach the pods that are meant; `*` for all pods, `*.<namespace>.svc` for any name there. @default - no pods are meant */
  readonly hosts?: readonly string[];
  /** Ranges of addresses, e.g. `10.0.0.0/16`. @default - none are meant */
  readonly cidrs?: readonly string[];
  /** @default - all ports */
  readonly ports?: readonly number[];
}

/** What is asked: a port, or a program in the image. */
export interface ProbeFacts {
  readonly port?: number;
  readonly path?: string;
  readonly command?: readonly string[];
}

/** A task of a tool as the platform runs it. */
export interface TaskFacts extends Pick<
  WorkloadFacts,
  | 'name'
  | 'address'
  | 'stack'
  | 'image'
  | 'command'
  | 'variables'
  | 'secretVariables'
  | 'files'
  | 'secretFiles'
  | 'nonRoot'
  | 'readOnlyRoot'
  | 'capabilitiesDropped'
  | 'privilegeEscalation'
  | 'memoryLimitMiB'
  | 'egress'
  | 'plainText'
> {
  /** When the platform gives it up. */
  readonly timeoutSeconds?: number;
}

/** A release of an upstream chart. */
export interface ChartFacts {
  /** Address of the Terraform resource. */
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack: string;
  readonly namespace?: string;
  readonly chart?: string;
  readonly repository?: string;
  readonly version?: string;
  /** Values, all merged; undefined where they cannot be read. */
  readonly values?: unknown;
  /** Every text that anyone who may read the release can see. */
  readonly plainText?: readonly string[];
  /** A failed upgrade goes back to the release before. */
  readonly atomic?: boolean;
  /** What its pods may connect to. */
  readonly egress?: Egress;
}

/** A Kubernetes object. */
export interface ObjectFacts {
  /** Address of the Terraform resource it comes with, then its kind and name. */
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack: string;
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  /** undefined where the kind has none. */
  readonly namespace?: string;
  /** The whole object; of a Secret the keys below `data`, without values. */
  readonly manifest?: unknown;
}

/**
 * A tool of the stage runs it, on a volume of the platform: connections stay in the network of the platform, and
 * disks, copies of them and a standby are the business of whoever owns the platform.
 */
export type SelfRun = true;

export interface SecretUse {
  /** Where the platform takes it from, e.g. `<Secret>/<key>` or a path. */
  readonly reference: string;
  /** What it is after the apply; undefined where the platform keeps it out of the state. */
  readonly value?: string;
}
