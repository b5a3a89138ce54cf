import { catalogue, imageName } from '@mlterra/catalogue';

/** The PostgreSQL release that containers run; a host brings its own. */
export const POSTGRESQL_VERSION = catalogue.postgresql.version;

export const POSTGRESQL_MAJOR_VERSION = Number(POSTGRESQL_VERSION.split('.')[0]);

/** The official image, on Debian 12. */
export const POSTGRESQL_IMAGE = imageName(catalogue.postgresql.images.server);

/** The user `postgres` of the image. */
export const POSTGRESQL_USER_ID = 999;

/** Carries backups to object stores. */
export const RCLONE_IMAGE = imageName(catalogue.rclone.images.copy);

/** What instances of CloudNativePG run. */
export const OPERAND_IMAGE = imageName(catalogue.cloudnativePg.images.postgresql);

export const OPERAND_MAJOR_VERSION = Number(catalogue.cloudnativePg.images.postgresql.tag.split('.')[0]);
