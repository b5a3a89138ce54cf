import { join } from 'node:path';
import { buildCache, buildOnce, type GoProgram } from '../go-build';
import { moduleKey } from '../module-key';

/** Pinned in `kubernetes/go.mod`. */
export const KUBERNETES_VERSION = 'v1.35.4';
/** Pinned in `coredns/go.mod`. */
export const COREDNS_VERSION = 'v1.14.7';
/** Pinned in `local-path-provisioner/go.mod`. */
export const PROVISIONER_VERSION = 'v0.0.30';

const COMPONENT_VERSION = 'k8s.io/component-base/version';

const PROGRAMS = {
  /** Every program of Kubernetes and etcd, by its name as first argument or as a link. */
  kubernetes: {
    folder: 'kubernetes',
    package: '.',
    ldflags: [
      `-X ${COMPONENT_VERSION}.gitVersion=${KUBERNETES_VERSION}`,
      `-X ${COMPONENT_VERSION}.gitMajor=1`,
      `-X ${COMPONENT_VERSION}.gitMinor=${KUBERNETES_VERSION.split('.')[1]}`,
      `-X ${COMPONENT_VERSION}.gitTreeState=clean`,
      `-X k8s.io/client-go/pkg/version.gitVersion=${KUBERNETES_VERSION}`,
    ].join(' '),
  },
  /** Runs a cluster in namespaces of its own. */
  node: { folder: 'node', package: '.' },
  pause: { folder: 'node', package: './cmd/pause' },
  coredns: { folder: 'coredns', package: '.' },
  'local-path-provisioner': {
    folder: 'local-path-provisioner',
    package: 'github.com/rancher/local-path-provisioner',
  },
} as const satisfies Record<string, { folder: string; package: string; ldflags?: string }>;

export type KubernetesProgram = keyof typeof PROGRAMS;

/** Path of a program, built or not. */
export function programPath(name: KubernetesProgram): string {
  const { folder } = PROGRAMS[name];
  const key = moduleKey(moduleFolder(folder));
  return join(buildCache(), `${name}-${key}`, name === 'kubernetes' ? 'mlterra-kubernetes' : name);
}

/**
 * Path of a program, built on first use. Kubernetes takes eight minutes on two cores, CoreDNS and the provisioner
 * one each, the rest seconds.
 */
export async function kubernetesProgram(name: KubernetesProgram): Promise<string> {
  const { folder, ...rest } = PROGRAMS[name];
  const path = programPath(name);
  const program: GoProgram = { name: `${name} of the test cluster`, module: moduleFolder(folder), ...rest };
  await buildOnce(program, path);
  return path;
}

/** Builds every program that a cluster needs, one after the other. */
export async function buildKubernetes(): Promise<void> {
  for (const name of Object.keys(PROGRAMS) as KubernetesProgram[]) await kubernetesProgram(name);
}

function moduleFolder(folder: string): string {
  return join(__dirname, '..', '..', folder);
}
