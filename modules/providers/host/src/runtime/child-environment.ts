/** What programs need to find each other, to speak a language, and to get through a network. */
const PASSED =
  /^(PATH|LANG|LANGUAGE|LC_.*|TZ|SSL_CERT_(FILE|DIR)|.*_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(HTTPS?|ALL|NO|FTP)_PROXY)$/i;

/**
 * What installers read in addition: where packages come from, who may fetch them and where they are cached. What
 * says how to install (PIP_USER, PIP_TARGET, UV_SYSTEM_PYTHON, …) is for the caller's own installations.
 */
const PASSED_TO_INSTALLERS = new RegExp(
  [
    'TMPDIR|NETRC|XDG_(CACHE|CONFIG|DATA)_HOME|XDG_CONFIG_DIRS|KEYRING_.*|PYTHON_KEYRING_BACKEND',
    'PIP_((EXTRA_)?INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|(CLIENT_)?CERT|PROXY|(DEFAULT_)?TIMEOUT|RETRIES)',
    'PIP_((NO_)?CACHE_DIR|KEYRING_PROVIDER|CONFIG_FILE)',
    'UV_((DEFAULT_|NO_)?INDEX|(EXTRA_)?INDEX_URL|INDEX_STRATEGY|INDEX_.*_(USERNAME|PASSWORD)|FIND_LINKS)',
    'UV_(INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS|KEYRING_PROVIDER|CREDENTIALS_DIR|(HTTPS?|NO)_PROXY|OFFLINE)',
    'UV_(HTTP_(CONNECT_)?TIMEOUT|REQUEST_TIMEOUT|HTTP_RETRIES|CONCURRENT_.*|CACHE_DIR|NO_CACHE|LINK_MODE)',
    'UV_(CONFIG_FILE|NO_CONFIG)',
  ]
    .map((names) => `^(${names})$`)
    .join('|'),
);

/** What the programs of this package read themselves: who called, and the variables of the README. */
const PASSED_TO_OURSELVES = /^(HOME|USER|LOGNAME|SUDO_USER|MLTERRA_.*)$/;

/**
 * The environment of supervised processes: nothing of the caller but what every program needs, so that a
 * long-lived process neither depends on the shell that first started it nor sees its credentials.
 */
export function processEnvironment(
  home: string,
  variables: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { LANG: 'C.UTF-8', ...pick(variables, [PASSED]), HOME: home };
}

/** The environment of pip and uv: what the caller has told them about indexes and networks, and nothing else. */
export function installerEnvironment(
  home: string,
  variables: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { ...processEnvironment(home, variables), ...pick(variables, [PASSED_TO_INSTALLERS]) };
}

/**
 * The environment of this package's own programs. Libraries and programs that they use (pg, tar, git) read variables
 * of the caller too, e.g. PGOPTIONS.
 */
export function ownEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(variables, [PASSED, PASSED_TO_INSTALLERS, PASSED_TO_OURSELVES]);
}

/** Takes away from this process every variable that is not part of its {@link ownEnvironment}. */
export function cleanOwnEnvironment(): void {
  const kept = ownEnvironment(process.env);
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
}

function pick(variables: NodeJS.ProcessEnv, patterns: readonly RegExp[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => patterns.some((pattern) => pattern.test(name))),
  );
}
