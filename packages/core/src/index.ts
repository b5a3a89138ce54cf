export type { Host, HostPostgresProps, HostPostgresServer } from './capabilities/host';
export type { Identity, Principal } from './capabilities/identity';
export type {
  CertificateIssuer,
  CertificateProps,
  ChallengeRoute,
  TlsCertificate,
} from './capabilities/certificate-issuer';
export type { DnsZone, DnsZoneAccess } from './capabilities/dns-zone';
export type { HttpGateway, HttpRoute, HttpRouteProps } from './capabilities/http-gateway';
export {
  isKubernetes,
  type ApiRule,
  type ChartPort,
  type ChartProps,
  type ClusterSecret,
  type ClusterSecretProps,
  type ConnectingPods,
  type ExecAccess,
  type ExecCredentialCommand,
  type KubeconfigAccess,
  type KubernetesAccess,
  type KubernetesCluster,
  type KubeToken,
  type KubeTokenModule,
  type ObjectManifest,
  type PodPolicyProps,
  type PodPort,
} from './capabilities/kubernetes-cluster';
export type { MachineGroup, OpenPortProps } from './capabilities/machine-group';
export type { ObjectStore, ObjectStoreAccess, S3Access } from './capabilities/object-store';
export type { AddressPeer, ApiServerPeer, Peer, PodPeer } from './capabilities/peer';
export {
  runsContainers,
  type ContainerPlatform,
  type Endpoint,
  type GenerateSecretProps,
  type Platform,
  type PlatformKind,
  type PublishedPorts,
  type RunningWorkload,
  type WorkloadPort,
} from './capabilities/platform';
export type {
  PostgresDatabase,
  PostgresDatabaseProps,
  PostgresLogin,
} from './capabilities/postgres-database';
export type { RedisCache } from './capabilities/redis-cache';
export type { SecretStore, SecretStoreAccess } from './capabilities/secret-store';
export { chartSource, type ChartReference, type ChartSource } from './chart';
export {
  addComposeExport,
  composeExportOf,
  type ComposeEntry,
  type ComposeExport,
  type ComposeExporter,
} from './compose-export';
export {
  defineEnvironment,
  Environment,
  Stage,
  type EnvironmentProps,
  type StageDefinition,
} from './environment';
export {
  childErrorLine,
  dependencyCycle,
  MlterraError,
  parseChildError,
  type MlterraErrorDetails,
} from './errors';
export type {
  HookContext,
  HooksReference,
  InventoryContext,
  PlatformHooks,
  PrepareContext,
  ProbeFinding,
  ReleaseReport,
  StateResourceReference,
  Target,
  Targets,
  TargetsContext,
} from './hooks';
export { imageToPull } from './image';
export { applyLabels, stackLabels } from './labels';
export { renderLiteral, renderLiterals } from './literal';
export { assertName, formatStackKey, parseStackKey, type StackKey } from './names';
export { SHARED_STAGE } from './names';
export { exportOutputs, StackOutput, type ExportOutputsProps, type OutputValue } from './outputs';
export { profiles, type Profile, type ProfileName } from './profile';
export { Publisher, type PublisherProps } from './published-ports';
export {
  exportService,
  SERVICE_OUTPUT_PREFIX,
  servicesOf,
  type ServiceOutput,
  type ServiceProps,
} from './service';
export { Stack, stackId, type OutputRead, type StackOptions, type StackProps } from './stack';
export { stackProvider } from './stack-provider';
export type { StateBackend, StateLocation } from './state/backend';
export { localState, type LocalStateProps } from './state/local';
export { pgState } from './state/pg';
export { s3State, type S3StateProps } from './state/s3';
export { TypedOutput } from './typed-output';
export {
  ClusterSecretKey,
  holdsSecret,
  MountPath,
  Secret,
  Text,
  text,
  valueParts,
  type Value,
} from './value';
export { isValue, mergeValues, valuesIn, type ValueTree } from './value-tree';
export {
  DEFAULT_TASK_SECONDS,
  DEFAULT_USER_ID,
  type Container,
  type Port,
  type Probe,
  type PythonProgram,
  type Resources,
  type Scaling,
  type Task,
  type Volume,
  type Workload,
} from './workload';
export { checkTask, checkWorkload, type CheckWorkloadProps } from './workload-check';
export { childWorkloadName, shortenName, workloadName } from './workload-name';
