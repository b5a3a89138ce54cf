import { MountPath, text, type Container, type Secret, type Stack } from '@mlterra/core';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import type { KubernetesRenderer } from '../index';
import { exampleEnvironment } from './example';

export const CONFIG_PATH = '/etc/demo/config.ini';
export const LOGIN_PATH = '/etc/demo/login.ini';

/** A server with everything a container can have but a volume. */
export function sampleContainer(password: Secret): Container {
  return {
    image: 'registry.example.org/demo:v1.2.3',
    command: ['demo', text`--config=${new MountPath(CONFIG_PATH)}`],
    variables: {
      DATABASE_URL: text`postgresql://demo:${password}@db.example.org:5432/demo`,
      PASSWORD: password,
      MODE: 'fast',
    },
    files: { [CONFIG_PATH]: 'mode = fast\n', [LOGIN_PATH]: text`password = ${password}\n` },
    ports: { http: { port: 8080, protocol: 'http' }, metrics: { port: 9090, protocol: 'http' } },
    probe: { port: 'http', httpPath: '/health', startSeconds: 180 },
    resources: { cpuMillis: 250, memoryMiB: 512 },
    stopGraceSeconds: 45,
  };
}

/** Runs the sample with changes, as `demo` in the stack `demo/dev/tool`. */
export function runSample(
  stack: Stack,
  renderer: KubernetesRenderer,
  changes: Partial<Container> = {},
  replicas?: number,
): void {
  const password = renderer.generateSecret(stack, 'Password');
  renderer.run(stack, 'Demo', {
    containers: { server: { ...sampleContainer(password), ...changes } },
    ...(replicas === undefined ? {} : { replicas }),
  });
}

/** Synthesises the sample and returns its stack. */
export function synthSample(
  changes: Partial<Container> = {},
  { profile, replicas }: { profile?: 'production'; replicas?: number } = {},
): StackJson {
  const environment = exampleEnvironment(
    (stack, renderer) => runSample(stack, renderer, changes, replicas),
    profile,
  );
  return synthEnvironment(environment)['dev/tool']!;
}
