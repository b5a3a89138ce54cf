import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildCache, buildOnce } from '../go-build';
import { copyWritable, goModule, type GoModule } from '../go-module';
import { UPSTREAM } from '../upstream-modules';

/** A program that is built from its project's module, with the dependencies that the module names. */
interface UpstreamProgram {
  readonly source: GoModule;
  readonly package: string;
  readonly ldflags?: string;
  /** Files that a release makes and the module lacks, by their path in it. @default - none */
  readonly files?: Readonly<Record<string, string>>;
}

const SEALED_SECRETS = {
  source: UPSTREAM.sealedSecrets,
  ldflags: '-X main.VERSION=0.38.4',
};

const OLD_SEALED_SECRETS = {
  source: UPSTREAM.sealedSecrets036,
  ldflags: '-X main.VERSION=0.36.0',
};

const PROGRAMS = {
  'sealed-secrets-controller': { ...SEALED_SECRETS, package: './cmd/controller' },
  kubeseal: { ...SEALED_SECRETS, package: './cmd/kubeseal' },
  'sealed-secrets-controller-0.36': { ...OLD_SEALED_SECRETS, package: './cmd/controller' },
  traefik: {
    source: UPSTREAM.traefik,
    package: './cmd/traefik',
    ldflags: '-X github.com/traefik/traefik/v3/pkg/version.Version=3.5.0',
    // Its dashboard is built with other tools.
    files: { 'webui/static/index.html': '<!doctype html><title>No dashboard in the test bed</title>\n' },
  },
  'cloudnative-pg': {
    source: UPSTREAM.cloudNativePg,
    package: './cmd/manager',
    ldflags: '-X github.com/cloudnative-pg/cloudnative-pg/pkg/versions.buildVersion=1.30.0',
  },
  rclone: {
    source: UPSTREAM.rclone,
    package: '.',
    ldflags: '-X github.com/rclone/rclone/fs.Version=v1.72.0',
  },
} as const satisfies Record<string, UpstreamProgram>;

export type UpstreamProgramName = keyof typeof PROGRAMS;

/** Names what a program is built of. */
export function upstreamProgramKey(name: UpstreamProgramName): string {
  return createHash('sha256').update(JSON.stringify(PROGRAMS[name])).digest('hex').slice(0, 12);
}

/** Path of a program, built or not. */
export function upstreamProgramPath(name: UpstreamProgramName): string {
  return join(buildCache(), `${name}-${upstreamProgramKey(name)}`, name);
}

/** Path of a program, built on first use: from half a minute to six minutes on two cores. */
export async function upstreamProgram(name: UpstreamProgramName): Promise<string> {
  const path = upstreamProgramPath(name);
  if (existsSync(path)) return path;
  const { source, files, package: main, ldflags }: UpstreamProgram = PROGRAMS[name];
  const folder = await goModule(source);
  const build = (module: string): Promise<void> => buildOnce({ name, module, package: main, ldflags }, path);
  if (files === undefined) await build(folder);
  else await withFiles(folder, files, build);
  return path;
}

/** Files are added to a copy of the module: Go's cache takes none. */
async function withFiles(
  source: string,
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const work = mkdtempSync(join(buildCache(), 'source-'));
  try {
    const folder = join(work, 'module');
    copyWritable(source, folder);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await use(folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
