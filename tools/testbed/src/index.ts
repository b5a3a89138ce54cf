export { chartMirror, CHARTS, isChartMirrorMade } from './charts/chart-mirror';
export { startDocker, type DockerServer, type StartDockerOptions } from './docker/docker';
export type { LeaseMode } from './docker/leases';
export { ensureImages, hasImages } from './docker/make-images';
export { canRunDocker } from './docker/prerequisites';
export { startRegistry, type RegistryServer } from './docker/registry';
export { IMAGES, IMAGES_ON_DEMAND } from './docker/stand-ins';
export { helmBinary, isHelmBuilt } from './helm';
export { isKindBuilt, kindBinary, KIND_NODE_IMAGE, kindNodeImage } from './kind';
export { writeImageArchive, type ProgramImage } from './kubernetes/image-archive';
export {
  buildKubernetes,
  canRunKubernetes,
  startKubernetes,
  whyNoKubernetes,
  type KubernetesOptions,
  type KubernetesServer,
} from './kubernetes';
export { startMachine, type Machine, type StartMachineOptions } from './machine/machine';
export { freePort } from './port';
export { startPostgres, type PostgresServer } from './postgres';
export { copyPostgres } from './postgres-binaries';
export {
  buildProviders,
  isBuilt,
  providerBinary,
  providerMirror,
  type ProviderBinary,
  type ProviderName,
} from './providers';
export { startS3, type S3Server } from './s3';
export { terraformCliConfig } from './terraform-cli-config';
export { versitygwBinary } from './versitygw';
export { upstreamProgram, upstreamProgramPath, type UpstreamProgramName } from './programs/upstream';
