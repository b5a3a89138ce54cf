/** The versitygw release this module runs. */
export const VERSITYGW_VERSION = '1.8.0';

export const VERSITYGW_IMAGE = `docker.io/versity/versitygw:v${VERSITYGW_VERSION}`;
