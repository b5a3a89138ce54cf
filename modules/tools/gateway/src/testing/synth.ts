import {
  defineEnvironment,
  exportOutputs,
  localState,
  Publisher,
  type ProfileName,
  type PublishedPorts,
  type RunningWorkload,
  type Stack,
} from '@mlterra/core';
import { KubernetesRenderer, NODE_PORTS } from '@mlterra/kubernetes';
import { synthEnvironment, type StackJson } from '@mlterra/testing';

export interface Demo {
  readonly platform: KubernetesRenderer;
  stack(name: string): Stack;
  /** A server on port 8080 in a stack of its own. */
  server(name?: string): { readonly stack: Stack; readonly workload: RunningWorkload };
}

export interface DemoProps {
  readonly profile?: ProfileName;
  readonly publish?: PublishedPorts;
}

/** The stacks of the stage `dev`, by name. */
export function synth(
  build: (demo: Demo) => void,
  { profile = 'development', publish = {} }: DemoProps = {},
): Readonly<Record<string, StackJson>> {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const cluster = stage.stack('cluster');
      const { context } = exportOutputs(cluster, { context: 'demo' });
      const publisher = new Publisher(cluster, publish, { range: NODE_PORTS });
      const platform = new KubernetesRenderer({
        access: { kubeconfig: '~/.kube/config', context },
        publisher,
      });
      build({
        platform,
        stack: (name) => stage.stack(name),
        server(name = 'tool') {
          const stack = stage.stack(name);
          const workload = platform.run(stack, 'server', {
            containers: {
              web: {
                image: 'registry.example.org/demo:v1',
                command: ['demo'],
                ports: { http: { port: 8080, protocol: 'http' } },
              },
            },
          });
          return { stack, workload };
        },
      });
    },
  });
  return Object.fromEntries(
    Object.entries(synthEnvironment(environment)).map(([key, stack]) => [key.slice('dev/'.length), stack]),
  );
}

/** An object, with whatever it has. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Found = any;

/** Objects that a stack puts on the cluster. */
export function objects(stack: StackJson | undefined, kind?: string): readonly Found[] {
  const { locals } = stack as unknown as { locals: Found };
  return locals.kubernetes_values.objects.filter((each: Found) => kind === undefined || each.kind === kind);
}
