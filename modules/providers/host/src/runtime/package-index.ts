import { devNull } from 'node:os';
import { runCommand } from './command';

/** Settings of pip about indexes and networks, by name, with the variable in which uv takes the same. */
const SETTINGS: Readonly<Record<string, string | undefined>> = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'find-links': 'UV_FIND_LINKS',
  'trusted-host': 'UV_INSECURE_HOST',
  cert: 'SSL_CERT_FILE',
  'no-index': undefined,
  'client-cert': undefined,
  proxy: undefined,
  timeout: undefined,
  'default-timeout': undefined,
  retries: undefined,
  'cache-dir': undefined,
  'no-cache-dir': undefined,
  'keyring-provider': undefined,
};

/** Other variables in which a person may already have told uv the same. */
const UV_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  UV_DEFAULT_INDEX: ['UV_INDEX_URL'],
  UV_INDEX: ['UV_EXTRA_INDEX_URL'],
};

/** Sections of pip's settings that count for an installation, the strongest last. */
const SECTIONS = ['global', 'user', 'site', 'install', ':env:'];

/**
 * The environment for pip: what the caller has told it about indexes and networks, by variables and by files. The
 * files themselves are not read: they may also say where to install.
 */
export async function pipEnvironment(
  python: string,
  environment: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const settings = await pipSettings(python, environment);
  const variables = [...settings].map(([key, value]) => [
    `PIP_${key.toUpperCase().replaceAll('-', '_')}`,
    value,
  ]);
  return {
    ...environment,
    ...(Object.fromEntries(variables) as NodeJS.ProcessEnv),
    PIP_CONFIG_FILE: devNull,
  };
}

/** The environment for uv: the caller's own, with what only pip has been told added to it. */
export async function uvEnvironment(
  python: string,
  environment: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const added: NodeJS.ProcessEnv = {};
  for (const [key, value] of await pipSettings(python, environment)) {
    const variable = SETTINGS[key];
    if (variable === undefined) continue;
    if ([variable, ...(UV_SYNONYMS[variable] ?? [])].some((name) => environment[name] !== undefined))
      continue;
    added[variable] = value;
  }
  return {
    UV_SYSTEM_CERTS: '1',
    UV_NATIVE_TLS: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_PROGRESS: '1',
    ...added,
    ...environment,
  };
}

/** What pip was told about indexes and networks, by the name of the setting. */
async function pipSettings(
  python: string,
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await runCommand(python, ['-m', 'pip', 'config', 'list'], {
    environment,
    timeoutSeconds: 30,
  });
  const settings = new Map<string, { readonly rank: number; readonly value: string }>();
  for (const line of stdout.split('\n')) {
    // `global.index-url='https://…'`
    const [, section = '', key = '', , value = ''] =
      /^([a-z]+|:env:)\.([a-z-]+)=(['"])(.*)\3$/.exec(line) ?? [];
    const rank = SECTIONS.indexOf(section);
    if (rank < 0 || !(key in SETTINGS) || value === '' || rank < (settings.get(key)?.rank ?? 0)) continue;
    // Lists come with line breaks, written as \n.
    settings.set(key, {
      rank,
      value: value
        .split(/\\n|\s+/)
        .filter(Boolean)
        .join(' '),
    });
  }
  return new Map([...settings].map(([key, { value }]) => [key, value]));
}
