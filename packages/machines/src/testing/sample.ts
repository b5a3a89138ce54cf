import type { StackOutput } from '@mlterra/core';
import {
  exportOutputs,
  MountPath,
  profiles,
  Secret,
  text,
  type Container,
  type Stack,
  type Task,
} from '@mlterra/core';
import type { ComposePart, ComposeProject } from '../compose/compose-project';
import { composeProject } from '../compose/compose-project';
import { plainResolver } from '../compose/plain-resolver';

export const CONFIG_PATH = '/etc/demo/config.ini';

/** A container with something of everything. */
export function sampleContainer(password: Secret, other: StackOutput): Container {
  return {
    image: 'registry.example.org/demo:v1',
    command: ['demo', '--config', new MountPath(CONFIG_PATH), '--motto', '${HOME} costs $5'],
    variables: {
      DATABASE: text`postgresql://demo:${password}@${other}:5432/demo`,
      AGAIN: password,
      PLAIN: 'plain',
    },
    files: { [CONFIG_PATH]: text`password = ${password}\nmotto = $MOTTO\n`, '/etc/demo/motd': 'hello' },
    volumes: { '/data': { name: 'data', sizeGiB: 10 } },
    ports: { http: { port: 8080, protocol: 'http' }, metrics: { port: 9090, protocol: 'http' } },
    probe: { port: 'http', httpPath: '/health', startSeconds: 60 },
    resources: { cpuMillis: 500, memoryMiB: 512 },
    stopGraceSeconds: 20,
    userId: 1234,
  };
}

export const sampleTask: Task = {
  image: 'registry.example.org/demo:v1',
  command: ['prepare'],
};

/** Values of a project that Terraform has no part in, as the resolver of {@link samplePlainProject} gives them. */
export const PASSWORD = 'the-password';
export const HOST = 'data$base.example.org';

/** A project of parts that are made with a secret and an output. */
export function samplePlainProject(
  scope: Stack,
  parts: (password: Secret, other: StackOutput) => readonly ComposePart[],
): ComposeProject {
  const { reference, value, other } = exportOutputs(scope, { reference: 'secret', value: 'x', other: 'x' });
  return composeProject({
    parts: parts(new Secret(reference, value), other),
    resolver: plainResolver({ output: () => HOST, secret: () => PASSWORD }),
    profile: profiles.development,
    labels: { 'dev.mlterra.environment': 'demo' },
    published: { 'demo.http': [{ address: '127.0.0.1', port: 8081 }] },
  });
}
