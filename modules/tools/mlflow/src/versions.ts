import { catalogue, imageName } from '@mlterra/catalogue';

/** The MLflow release this module runs; the image and the Python packages follow it. */
export const MLFLOW_VERSION = catalogue.mlflow.version;

/** MLflow's own image with the extras: authentication, PostgreSQL and object store clients. */
export const MLFLOW_IMAGE = imageName(catalogue.mlflow.images.server);

/** What a machine without images installs; the driver is in the image already. */
export const MLFLOW_REQUIREMENTS = [`mlflow[auth]==${MLFLOW_VERSION}`, 'psycopg2-binary==2.9.13'] as const;

/** Logs users in by OpenID Connect; not in MLflow's own image. */
export const OIDC_REQUIREMENT = `mlflow-oidc-auth==${catalogue.mlflowOidcAuth.version}`;
