import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleFailed } from '../errors';
import { buildCache, buildOnce } from '../go-build';
import { copyWritable, goModule, type GoModule } from '../go-module';
import { UPSTREAM } from '../upstream-modules';

/** A program that is built from its project's module, with the dependencies that the module names. */
interface UpstreamProgram {
  readonly source: GoModule;
  readonly package: string;
  readonly ldflags?: string;
  /** Files that a release makes and the module lacks, and files that are other here, by their path; '' removes one. @default - none */
  readonly files?: Readonly<Record<string, string>>;
  /** Texts that are other here: path to what is replaced by what. @default - none */
  readonly edits?: Readonly<Record<string, readonly [string, string]>>;
}

const SEALED_SECRETS = {
  source: UPSTREAM.sealedSecrets,
  ldflags: '-X main.VERSION=0.38.4',
};

const OLD_SEALED_SECRETS = {
  source: UPSTREAM.sealedSecrets036,
  ldflags: '-X main.VERSION=0.36.0',
};

/**
 * Traefik without its dashboard, which is built with other tools, and without what asks clouds: challenges by DNS, and
 * containers of ECS, whose clients take most of the time that all would take.
 */
const WITHOUT_CLIENTS_OF_CLOUDS = {
  files: {
    'webui/static/index.html': '<!doctype html><title>No dashboard in the test bed</title>\n',
    'pkg/provider/acme/nodns/nodns.go': `package nodns

import (
	"errors"

	"github.com/go-acme/lego/v4/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, errors.New("the test bed has no DNS provider " + name)
}
`,
    'pkg/provider/ecs/config.go': '',
    'pkg/provider/ecs/label.go': '',
    'pkg/provider/ecs/ecs.go': `package ecs

import (
	"errors"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/safe"
)

type Provider struct{}

func (p *Provider) Init() error { return errors.New("the test bed has no ECS") }

func (p *Provider) Provide(chan<- dynamic.Message, *safe.Pool) error { return nil }
`,
  },
  edits: {
    'pkg/provider/acme/provider.go': [
      '"github.com/go-acme/lego/v4/providers/dns"',
      'dns "github.com/traefik/traefik/v3/pkg/provider/acme/nodns"',
    ],
  },
} as const satisfies Partial<UpstreamProgram>;

const PROGRAMS = {
  'sealed-secrets-controller': { ...SEALED_SECRETS, package: './cmd/controller' },
  kubeseal: { ...SEALED_SECRETS, package: './cmd/kubeseal' },
  'sealed-secrets-controller-0.36': { ...OLD_SEALED_SECRETS, package: './cmd/controller' },
  traefik: {
    source: UPSTREAM.traefik,
    package: './cmd/traefik',
    ldflags: '-X github.com/traefik/traefik/v3/pkg/version.Version=3.5.0',
    ...WITHOUT_CLIENTS_OF_CLOUDS,
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
    // Three of seventy stores: the others' clients take most of the time that all would take.
    files: {
      'backend/all/all.go': importsOf(
        'all',
        ['alias', 'crypt', 'local', 'memory', 's3'].map((name) => `github.com/rclone/rclone/backend/${name}`),
      ),
    },
  },
} as const satisfies Record<string, UpstreamProgram>;

function importsOf(name: string, packages: readonly string[]): string {
  return `package ${name}\n\nimport (\n${packages.map((one) => `\t_ "${one}"\n`).join('')})\n`;
}

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
  const program: UpstreamProgram = PROGRAMS[name];
  const { source, package: main, ldflags } = program;
  const folder = await goModule(source);
  const build = (module: string): Promise<void> => buildOnce({ name, module, package: main, ldflags }, path);
  if (program.files === undefined) await build(folder);
  else await onChangedCopy(folder, program, build);
  return path;
}

/** Go's cache takes no other files. */
async function onChangedCopy(
  source: string,
  { files = {}, edits = {} }: UpstreamProgram,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const work = mkdtempSync(join(buildCache(), 'source-'));
  try {
    const folder = join(work, 'module');
    copyWritable(source, folder);
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      if (text === '') rmSync(file);
      else writeFileSync(file, text);
    }
    for (const [path, [from, to]] of Object.entries(edits)) {
      const file = join(folder, path);
      const text = readFileSync(file, 'utf8');
      if (!text.includes(from)) throw moduleFailed(path, `It does not have ${from}.`);
      writeFileSync(file, text.replace(from, to));
    }
    await use(folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
