import {
  defineEnvironment,
  exportOutputs,
  localState,
  type DnsZone,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer } from '@mlterra/kubernetes';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import { CertManager, type CertManagerProps } from '../index';

export interface Example {
  readonly platform: KubernetesRenderer;
  readonly certManager: CertManager;
  /** A stack that comes later. */
  readonly stack: Stack;
}

/** Names of identities that were granted the zone. */
export const grantees: string[] = [];

/** A zone of a cloud that nobody knows. */
export const zone: DnsZone = {
  domain: 'example.org',
  grantChallenges(grantee) {
    grantees.push(grantee.serviceAccount!);
    return {
      dns01: { webhook: { solverName: 'sky', groupName: 'dns.example.org' } },
      peers: [{ kind: 'addresses', cidrs: ['192.0.2.53/32'], port: 443 }],
    };
  },
};

/** cert-manager in a stack, what `build` makes in the stack `tool`. */
export function synthExample(
  build: (example: Example) => void = () => undefined,
  props: Partial<CertManagerProps> & { readonly profile?: ProfileName } = {},
): Readonly<Record<string, StackJson>> {
  const { profile = 'development', ...others } = props;
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const { context } = exportOutputs(stage.stack('cluster'), { context: 'demo' });
      const platform = new KubernetesRenderer({ access: { kubeconfig: '~/.kube/config', context } });
      const certManager = new CertManager(stage.stack('cert-manager'), 'cert-manager', {
        platform,
        ...others,
      });
      build({ platform, certManager, stack: stage.stack('tool') });
    },
  });
  return synthEnvironment(environment);
}

/** What a stack has, with whatever it has. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export function objects(stack: StackJson | undefined, kind: string): readonly Json[] {
  const { locals } = stack as unknown as { locals: Json };
  return locals.kubernetes_values.objects.filter((each: Json) => each.kind === kind);
}

/** Values of the chart. */
export function chartValues(stack: StackJson | undefined): Json {
  const { locals } = stack as unknown as { locals: Record<string, Json> };
  return Object.values(locals).find((local) => 'startupapicheck' in local);
}
