/*
 * Builds every program of the test bed that is not in its cache, so that no test has to be skipped or to wait.
 *   npm run testbed
 */
import { buildTerratest } from '@mlterra/terratest-wrapper';
import { helmBinary } from './helm';
import { buildProviders } from './providers';
import { versitygwBinary } from './versitygw';

async function main(): Promise<void> {
  await versitygwBinary();
  await helmBinary();
  await buildTerratest();
  await buildProviders('random', 'tls', 'local', 'docker');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
