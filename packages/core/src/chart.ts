import { isAbsolute, join } from 'node:path';
import { chartMirrorInvalid, chartRepositoryInvalid, chartUnpinned } from './errors';

/** Environment variable with the place to take charts from. */
const MIRROR = 'MLTERRA_CHART_MIRROR';

const VERSION = /^v?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;
const REPOSITORY = /^(https|oci):\/\/[^\s/]+(\/[^\s]*)?$/;
const OCI = /^oci:\/\/[^\s/]+(\/[^\s]*)?$/;

/** An upstream Helm chart, in one version. */
export interface ChartReference {
  /** `https://…` of a chart repository, or `oci://…` without the name of the chart. */
  readonly repository: string;
  readonly name: string;
  /** The one version; no range. */
  readonly version: string;
}

/** Where a chart is taken from, in the words of `helm_release`. */
export interface ChartSource {
  readonly chart: string;
  /** @default - `chart` is a file */
  readonly repository?: string;
  /** @default - `chart` is a file */
  readonly version?: string;
}

/**
 * Where a chart is taken from: its own repository, or with `MLTERRA_CHART_MIRROR` its copy in an OCI registry
 * (`oci://mirror.example.org/charts`), or in a folder (an absolute path) as `<name>-<version>.tgz`.
 * @param path path of the construct that wants it, for messages
 */
export function chartSource(
  path: string,
  chart: ChartReference,
  env: NodeJS.ProcessEnv = process.env,
): ChartSource {
  const { name, version, repository } = chart;
  if (!VERSION.test(version)) throw chartUnpinned(path, name, version);
  if (!REPOSITORY.test(repository)) throw chartRepositoryInvalid(path, name, repository);
  const mirror = env[MIRROR];
  if (!mirror) return { chart: name, repository, version };
  if (isAbsolute(mirror)) return { chart: join(mirror, `${name}-${version}.tgz`) };
  if (!OCI.test(mirror)) throw chartMirrorInvalid(MIRROR, mirror);
  return { chart: name, repository: mirror.replace(/\/$/, ''), version };
}
