/** The lakeFS release this module runs. */
export const LAKEFS_VERSION = '1.97.0';

export const LAKEFS_IMAGE = `docker.io/treeverse/lakefs:${LAKEFS_VERSION}`;
