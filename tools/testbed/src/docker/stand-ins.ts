import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyPostgres, POSTGRES_VERSION } from '../postgres-binaries';
import { versitygwBinary, versitygwVersion } from '../versitygw';

/** An image that is made here, and stands for the public one of the same name. */
export interface StandIn {
  /** Public name in full, with registry and tag. */
  readonly image: string;
  /** Folder with the Dockerfile. */
  readonly folder: string;
  /** Name of the stand-in it is built on. */
  readonly from: string;
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
];

/** Names of all images that the engine has and the registry answers for. */
export const IMAGES: readonly string[] = [DEBIAN, ...STAND_INS.map(({ image }) => image)];

/** The bundle of certificates that this machine trusts, where it is not the usual one; builds get a copy. */
export function ownCertificates(): Buffer | undefined {
  const path = process.env['NODE_EXTRA_CA_CERTS'] ?? process.env['SSL_CERT_FILE'];
  return path ? readFileSync(path) : undefined;
}
