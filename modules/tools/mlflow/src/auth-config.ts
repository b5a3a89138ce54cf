import { text, type Secret, type Text, type Value } from '@mlterra/core';

/** What a user may do with an experiment or a model that nobody granted to them. */
export type DefaultPermission = 'READ' | 'USE' | 'EDIT' | 'MANAGE' | 'NO_PERMISSIONS';

export interface AuthConfigProps {
  readonly databaseUri: Value;
  readonly defaultPermission: DefaultPermission;
  readonly adminUsername: string;
  readonly adminPassword: Secret;
}

/**
 * The configuration file of MLflow's `basic-auth` app. MLflow makes the administrator when it first starts on
 * an empty database, and reads the password here at that time only. Its parser expands `%`, so no value may
 * hold one.
 */
export function authConfig(props: AuthConfigProps): Text {
  return text`[mlflow]
default_permission = ${props.defaultPermission}
database_uri = ${props.databaseUri}
admin_username = ${props.adminUsername}
admin_password = ${props.adminPassword}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`;
}
