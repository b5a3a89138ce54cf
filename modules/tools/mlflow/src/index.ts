export type { DefaultPermission } from './auth-config';
export { Mlflow, type MlflowProps } from './mlflow';
export { MLFLOW_IMAGE, MLFLOW_REQUIREMENTS, MLFLOW_VERSION } from './versions';
