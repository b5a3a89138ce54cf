import {
  defineEnvironment,
  exportOutputs,
  localState,
  type Environment,
  type KubernetesAccess,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer, type KubernetesRendererProps } from '../index';

/** A cluster at an address that is no one's, with what a cloud would export of it. */
export function exampleAccess(stack: Stack): KubernetesAccess {
  const { endpoint, caCertificate } = exportOutputs(stack, {
    endpoint: 'https://192.0.2.1',
    caCertificate: Buffer.from('a certificate').toString('base64'),
  });
  return { endpoint, caCertificate, exec: { command: 'mlterra', args: ['kube-token', 'gcp'] } };
}

/** The environment `demo` with the stage `dev`: a cluster in one stack, what `build` makes in another. */
export function exampleEnvironment(
  build: (stack: Stack, renderer: KubernetesRenderer) => void,
  profile: ProfileName = 'development',
  props: Partial<KubernetesRendererProps> = {},
): Environment {
  return defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build: (stage) => {
      const access = exampleAccess(stage.stack('cluster'));
      build(stage.stack('tool'), new KubernetesRenderer({ access, ...props }));
    },
  });
}
