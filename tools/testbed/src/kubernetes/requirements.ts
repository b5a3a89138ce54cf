import { existsSync } from 'node:fs';
import { kubernetesImpossible, programsMissing } from '../errors';
import { programPath, type KubernetesProgram } from './programs';

/** Programs of Debian that the node runs, with the package each is in. */
const DEBIAN_PROGRAMS = {
  '/usr/bin/containerd': 'containerd',
  '/usr/sbin/runc': 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/sbin/iptables': 'iptables',
  '/usr/sbin/conntrack': 'conntrack',
  '/usr/bin/socat': 'socat',
  '/sbin/ip': 'iproute2',
  '/bin/mount': 'mount',
} as const;

/** Folder in which Debian keeps the CNI plugins. */
export const CNI_PLUGINS = '/usr/lib/cni';

/** Why no cluster can be started on this machine, whatever is built; undefined when one can. */
export function whyNoKubernetes(): Error | undefined {
  if (process.platform !== 'linux') return kubernetesImpossible(`this is ${process.platform}, not Linux`);
  if (process.getuid?.() !== 0) return kubernetesImpossible('this is not root');
  const missing = Object.entries(DEBIAN_PROGRAMS).filter(([path]) => !existsSync(path));
  if (missing.length > 0) return programsMissing(missing.map(([, name]) => name));
  return undefined;
}

/** Whether a cluster can be started here at once: the machine allows it, and every program is built. */
export function canRunKubernetes(): boolean {
  const programs: KubernetesProgram[] = ['kubernetes', 'node', 'pause', 'coredns', 'local-path-provisioner'];
  return whyNoKubernetes() === undefined && programs.every((name) => existsSync(programPath(name)));
}
