import { buildTerratest } from './helper-binary';

/** For `globalSetup` of a Jest configuration: builds the Go program before the first test, whose timeout it would take up. */
export default async function globalSetup(): Promise<void> {
  await buildTerratest();
}
