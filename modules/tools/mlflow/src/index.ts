export type { DefaultPermission } from './auth-config';
export { Mlflow } from './mlflow';
export type { MlflowProps } from './mlflow-props';
export type { OidcProps } from './oidc';
export { MLFLOW_IMAGE, MLFLOW_REQUIREMENTS, MLFLOW_VERSION, OIDC_REQUIREMENT } from './versions';
