/** What programs on this machine need to find each other, the network and the package index. */
const PASSED =
  /^(PATH|LANG|LANGUAGE|LC_.*|TZ|SSL_CERT_.*|.*_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(HTTPS?|ALL|NO|FTP)_PROXY)$/i;

/** What installers read in addition. */
const PASSED_TO_INSTALLERS = /^(PIP_|UV_|XDG_|NETRC$|KEYRING)/;

/**
 * The environment of supervised processes: nothing of the caller but what every program needs, so that a
 * long-lived process neither depends on the shell that first started it nor sees its credentials.
 */
export function processEnvironment(
  home: string,
  variables: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { LANG: 'C.UTF-8', ...pick(variables, PASSED), HOME: home };
}

/** The environment of pip and uv: the caller's own settings of both. */
export function installerEnvironment(
  home: string,
  variables: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { ...processEnvironment(home, variables), ...pick(variables, PASSED_TO_INSTALLERS) };
}

function pick(variables: NodeJS.ProcessEnv, pattern: RegExp): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => pattern.test(name)));
}
