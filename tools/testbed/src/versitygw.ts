import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFailed } from './errors';
import { buildCache, buildOnce } from './go-build';

const MODULE = join(__dirname, '..', 'versitygw');
const PACKAGE = 'github.com/versity/versitygw';

/**
 * Path of a versitygw binary; built on first use (two minutes on two cores) and kept outside of the checkout.
 */
export async function versitygwBinary(): Promise<string> {
  const given = process.env['MLTERRA_TESTBED_VERSITYGW'];
  if (given) return given;
  const binary = join(buildCache(), `versitygw-${versitygwVersion()}`, 'versitygw');
  const otherwise = 'set MLTERRA_TESTBED_VERSITYGW to a versitygw binary';
  await buildOnce(
    { name: 'versitygw', module: MODULE, package: `${PACKAGE}/cmd/versitygw`, otherwise },
    binary,
  );
  return binary;
}

/** As `versitygw/go.mod` pins it, with its `v`. */
export function versitygwVersion(): string {
  const text = readFileSync(join(MODULE, 'go.mod'), 'utf8');
  const version = new RegExp(`${PACKAGE} (v\\S+)`).exec(text)?.[1];
  if (version === undefined) throw buildFailed('versitygw', `${PACKAGE} is not in go.mod`);
  return version;
}
