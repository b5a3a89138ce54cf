/** The MLflow release this module runs; the image and the Python packages follow it. */
export const MLFLOW_VERSION = '3.17.2';

/** MLflow's own image with the extras: authentication, PostgreSQL and object store clients. */
export const MLFLOW_IMAGE = `ghcr.io/mlflow/mlflow:v${MLFLOW_VERSION}-full`;

/** What a machine without images installs; the driver is in the image already. */
export const MLFLOW_REQUIREMENTS = [`mlflow[auth]==${MLFLOW_VERSION}`, 'psycopg2-binary==2.9.13'] as const;
