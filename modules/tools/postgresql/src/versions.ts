/** The PostgreSQL release that containers run; a host brings its own. */
export const POSTGRESQL_VERSION = '18.4';

export const POSTGRESQL_MAJOR_VERSION = 18;

/** The official image, on Debian 12. */
export const POSTGRESQL_IMAGE = `docker.io/library/postgres:${POSTGRESQL_VERSION}-bookworm`;

/** The user `postgres` of the image. */
export const POSTGRESQL_USER_ID = 999;
