import {
  DataTerraformRemoteStatePg,
  PgBackend,
  type DataTerraformRemoteStatePgConfig,
  type PgBackendConfig,
  type TerraformStack,
} from 'cdktf';
import { MlterraError } from '../errors';
import type { StateBackend, StateLocation } from './backend';

/** PostgreSQL cuts longer identifiers off. */
const IDENTIFIER_BYTES = 63;

/**
 * States in a PostgreSQL database, one schema per stack, locked by advisory locks. The connection string is
 * read from the variable `PG_CONN_STR`, so that it is in no file.
 */
export function pgState(): StateBackend {
  const schema = (key: string): string => {
    if (Buffer.byteLength(key) > IDENTIFIER_BYTES) {
      throw new MlterraError({
        code: 'state-key-long',
        message: `The state key "${key}" is ${Buffer.byteLength(key)} bytes long; it names a PostgreSQL schema.`,
        expected: `at most ${IDENTIFIER_BYTES} bytes`,
        remedy: 'shorten the name of the environment, the stage or the stack',
      });
    }
    return key;
  };
  return {
    type: 'pg',
    location: (key): StateLocation => ({ type: 'pg', schema: schema(key) }),
    configure: (stack: TerraformStack, key: string): void => {
      // The class demands a connection string; Terraform takes it from PG_CONN_STR when absent.
      new PgBackend(stack, { schemaName: schema(key) } as PgBackendConfig);
    },
    remoteState: (consumer, id, key) =>
      new DataTerraformRemoteStatePg(consumer, id, {
        schemaName: schema(key),
      } as DataTerraformRemoteStatePgConfig),
  };
}
