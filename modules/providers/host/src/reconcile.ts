import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { childErrorLine, MlterraError } from '@mlterra/core/errors';
import { specMissing } from './errors';
import { cleanOwnEnvironment } from './runtime/child-environment';
import type { StackName } from './runtime/data-folder';
import { closePostgres, findPostgres, type PostgresSource } from './runtime/postgres-binaries';
import type { PostgresClient } from './runtime/postgres-databases';
import { prepare, Reconciler } from './runtime/reconciler';
import { openSession } from './runtime/session';
import type { DesiredStack } from './spec';

/** Where an environment is, seen from the working folder of any of its stacks. */
const ENVIRONMENT = '../../..';

/** Time for the last words of a run. */
const FAREWELL_MILLISECONDS = 5_000;

/** Brings a stack in line; started by the provisioner of `terraform_data.processes`. */
export async function main(): Promise<void> {
  try {
    cleanOwnEnvironment();
    await reconcile(process.cwd(), process.env);
  } catch (error) {
    console.error(MlterraError.is(error) ? childErrorLine(error) : error);
    process.exitCode = 1;
  }
  // Terraform waits for the end; nothing that is still open may keep it from coming.
  setTimeout(() => process.exit(), FAREWELL_MILLISECONDS).unref();
}

async function reconcile(workingFolder: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const { MLTERRA_HOST_STACK: key, MLTERRA_HOST_DESIRED: encoded } = variables;
  if (!key || !encoded) throw specMissing();
  const [environment, stage, stack] = key.split('/') as [string, string, string];
  const name: StackName = { environment, stage, stack };
  const desired = JSON.parse(gunzipSync(Buffer.from(encoded, 'base64')).toString()) as DesiredStack;
  const environmentDir = resolve(workingFolder, ENVIRONMENT);
  const begun: PostgresSource[] = [];
  try {
    const session = await openSession(environmentDir, environment, (data) =>
      prepare(
        desired,
        (majorVersion) => {
          const source = findPostgres(data, majorVersion);
          begun.push(source);
          return source;
        },
        // Only where it is used: loading it takes longer than all the rest.
        async (): Promise<PostgresClient> => (await import('pg')).Client,
      ),
    );
    await Reconciler.run(session, name, desired);
  } finally {
    for (const source of begun) closePostgres(source);
  }
}
