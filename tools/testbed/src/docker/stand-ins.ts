import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyPostgres, POSTGRES_VERSION } from '../postgres-binaries';
import {
  CERT_MANAGER_COMPONENTS,
  CERT_MANAGER_VERSION,
  certManagerKey,
  certManagerProgram,
} from '../programs/cert-manager';
import { upstreamProgram, upstreamProgramKey, type UpstreamProgramName } from '../programs/upstream';
import { versitygwBinary, versitygwVersion } from '../versitygw';

/** An image that is made here, and stands for the public one of the same name. */
export interface StandIn {
  /** Public name in full, with registry and tag. */
  readonly image: string;
  /** Folder with the Dockerfile. */
  readonly folder: string;
  /** Name of the stand-in it is built on. */
  readonly from: string;
  /** Whether it is made only for those who name it, and not for every engine. @default false */
  readonly onDemand?: boolean;
  /** Version of what `add` puts into the folder. */
  readonly version?: string;
  /** Puts what is not in the repository into a copy of the folder. */
  readonly add?: (context: string) => void | Promise<void>;
}

/** Debian from debootstrap, the root of all others. */
export const DEBIAN = 'docker.io/library/debian:bookworm-slim';

const PYTHON = 'docker.io/library/python:3.11-slim-bookworm';
const HERE = join(__dirname, '..', '..', 'images');
const REPOSITORY = join(__dirname, '..', '..', '..', '..');

/** In the order in which they are built. The tags are those that the modules name. */
export const STAND_INS: readonly StandIn[] = [
  { image: PYTHON, folder: join(HERE, 'python'), from: DEBIAN },
  {
    image: 'docker.io/library/postgres:18.4-bookworm',
    folder: join(HERE, 'postgres'),
    from: DEBIAN,
    version: POSTGRES_VERSION,
    add: (context) => void copyPostgres(context),
  },
  {
    image: 'docker.io/versity/versitygw:v1.8.0',
    folder: join(HERE, 'versitygw'),
    from: DEBIAN,
    version: versitygwVersion(),
    add: async (context) => cpSync(await versitygwBinary(), join(context, 'versitygw')),
  },
  { image: 'ghcr.io/mlflow/mlflow:v3.17.2-full', folder: join(REPOSITORY, 'images', 'mlflow'), from: PYTHON },
  {
    image: 'ghcr.io/mlflow/mlflow:v3.12.0-full',
    folder: join(HERE, 'mlflow-before'),
    from: PYTHON,
    onDemand: true,
  },
  withProgram('docker.io/library/traefik:v3.5.0', 'traefik'),
  withProgram('docker.io/rclone/rclone:1.72.0', 'rclone'),
  withProgram('docker.io/bitnami/sealed-secrets-controller:0.38.4', 'sealed-secrets-controller'),
  withProgram('docker.io/bitnami/sealed-secrets-controller:0.36.0', 'sealed-secrets-controller-0.36'),
  ...CERT_MANAGER_COMPONENTS.map(certManager),
  withProgram('ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0', 'cloudnative-pg'),
  {
    image: 'ghcr.io/cloudnative-pg/postgresql:18.4-system-bookworm',
    folder: join(HERE, 'cloudnative-pg-postgresql'),
    from: DEBIAN,
    onDemand: true,
  },
  {
    image: 'docker.io/valkey/valkey:8.1.4-bookworm',
    folder: join(HERE, 'valkey'),
    from: DEBIAN,
    onDemand: true,
  },
];

/** Names of the images that every engine has and the registry answers for. */
export const IMAGES: readonly string[] = namesOf(
  STAND_INS.filter(({ onDemand }) => !onDemand),
  [DEBIAN],
);

/** Names of the images that are made for those who name them. */
export const IMAGES_ON_DEMAND: readonly string[] = namesOf(STAND_INS.filter(({ onDemand }) => onDemand));

/** An image of one program that is built from its project's module. */
function withProgram(image: string, program: UpstreamProgramName): StandIn {
  const [folder = program] = /^[a-z-]*[a-z]/.exec(program) ?? [];
  return {
    image,
    folder: join(HERE, folder),
    from: DEBIAN,
    onDemand: true,
    version: upstreamProgramKey(program),
    add: async (context) => cpSync(await upstreamProgram(program), join(context, 'program')),
  };
}

/** All components are one program, in one layer: times are part of it. */
function certManager(component: string): StandIn {
  return {
    image: `quay.io/jetstack/cert-manager-${component}:${CERT_MANAGER_VERSION}`,
    folder: join(HERE, 'cert-manager'),
    from: DEBIAN,
    onDemand: true,
    version: `${component} ${certManagerKey()}`,
    add: async (context) => {
      const program = join(context, 'cert-manager');
      cpSync(await certManagerProgram(), program, { preserveTimestamps: true });
      writeFileSync(join(context, 'component'), component);
    },
  };
}

function namesOf(standIns: readonly StandIn[], first: readonly string[] = []): readonly string[] {
  return [...first, ...standIns.map(({ image }) => image)];
}

/** The bundle of certificates that this machine trusts, where it is not the usual one; builds get a copy. */
export function ownCertificates(): Buffer | undefined {
  const path = process.env['NODE_EXTRA_CA_CERTS'] ?? process.env['SSL_CERT_FILE'];
  return path ? readFileSync(path) : undefined;
}
