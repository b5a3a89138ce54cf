/** What programs need to find each other, to speak a language, and to get through a network. */
const GENERAL =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LANGUAGE|LC_.*|SSL_CERT_(FILE|DIR)|.*_CA_BUNDLE|(HTTPS?|ALL|NO|FTP)_PROXY)$/i;

/** How a container engine is reached, where settings are kept, and who called. */
const OF_THE_ENGINE =
  /^(DOCKER_(HOST|CONTEXT|CONFIG|CERT_PATH|TLS|TLS_VERIFY)|CONTAINER_.*|CONTAINERS_.*|XDG_.*|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|SUDO_.*)$/;

/** Where the commands keep and get things; not what kind of cluster they make, which is said by arguments. */
const OF_THE_COMMANDS =
  /^(KIND_EXPERIMENTAL_(PROVIDER|DOCKER_NETWORK|PODMAN_NETWORK)|MINIKUBE_HOME|INSTALL_K3S_(BIN_DIR|BIN_DIR_READ_ONLY|SYSTEMD_DIR|SKIP_DOWNLOAD|SKIP_SELINUX_RPM|SELINUX_WARN|ARTIFACT_URL|CHANNEL_URL))$/;

/**
 * The environment of the commands that make clusters. Each of them takes its flags from variables too
 * (`MINIKUBE_DRIVER`, `K3S_URL`, `INSTALL_K3S_EXEC`, …), which would make another cluster than the one that was planned.
 */
export function commandEnvironment(variables: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const patterns = [GENERAL, OF_THE_ENGINE, OF_THE_COMMANDS];
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => patterns.some((pattern) => pattern.test(name))),
  );
}
