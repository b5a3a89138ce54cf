const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOSTNAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);
const ADDRESS = /^[\d.]+$/;
const MAX_LENGTH = 253;

/** Whether a name can be that of a listener. */
export function isHostname(name: string): boolean {
  return HOSTNAME.test(name) && !ADDRESS.test(name) && name.length <= MAX_LENGTH;
}

/** The one of the names of a gateway that covers a name: itself, or a wildcard, as in certificates, for one label. */
export function coveringHostname(served: readonly string[], name: string): string | undefined {
  const parent = `*.${name.slice(name.indexOf('.') + 1)}`;
  return served.find((each) => each === name) ?? served.find((each) => name.includes('.') && each === parent);
}

/** Name of the listener of a host name, for a scheme. */
export function listenerName(scheme: 'http' | 'https', hostname: string): string {
  return `${scheme}-${hostname.replace('*', 'any').replaceAll('.', '-')}`;
}
