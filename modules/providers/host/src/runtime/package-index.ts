import { runCommand } from './command';

/** Settings of pip by the variables in which uv takes the same; uv does not read pip's. */
const UV_VARIABLES: Readonly<Record<string, string>> = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'find-links': 'UV_FIND_LINKS',
  'trusted-host': 'UV_INSECURE_HOST',
  cert: 'SSL_CERT_FILE',
};

/** Other variables in which a person may already have told uv the same. */
const UV_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  UV_DEFAULT_INDEX: ['UV_INDEX_URL'],
  UV_INDEX: ['UV_EXTRA_INDEX_URL'],
};

/** The environment for uv: the caller's own, with what only pip has been told added to it. */
export async function uvEnvironment(
  python: string,
  environment: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const { stdout } = await runCommand(python, ['-m', 'pip', 'config', 'list'], {
    environment,
    timeoutSeconds: 30,
  });
  const added: NodeJS.ProcessEnv = {};
  for (const line of stdout.split('\n')) {
    // `global.index-url='https://…'`; a variable of the caller comes after a file and wins.
    const [, key, value] = /^(?:global|install|user|site|:env:)\.([a-z-]+)='(.*)'$/.exec(line) ?? [];
    const variable = key === undefined ? undefined : UV_VARIABLES[key];
    if (variable === undefined || value === undefined || value === '') continue;
    if ([variable, ...(UV_SYNONYMS[variable] ?? [])].some((name) => environment[name] !== undefined))
      continue;
    // Lists come with line breaks, written as \n.
    added[variable] = value
      .split(/\\n|\s+/)
      .filter(Boolean)
      .join(' ');
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
