import {
  defineEnvironment,
  localState,
  text,
  type Environment,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { DockerEngine, type DockerEngineProps } from '../docker-engine';

export interface Demo {
  readonly engine: DockerEngine;
  /** A stack of the stage, made when it is first asked for. */
  readonly stack: (name: string) => Stack;
}

/** An environment `demo` with the stage `dev`, an engine in its stack `engine`, and what `build` adds. */
export function demo(
  build: (demo: Demo) => void,
  props: DockerEngineProps = {},
  profile: ProfileName = 'development',
): Environment {
  return defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: { dev: { profile, settings: undefined } },
    build(stage) {
      const engine = new DockerEngine(stage.stack('engine'), 'engine', props);
      const stacks = new Map<string, Stack>();
      const stack = (name: string): Stack => {
        const found = stacks.get(name) ?? stage.stack(name);
        stacks.set(name, found);
        return found;
      };
      build({ engine, stack });
    },
  });
}

export const IMAGE = 'docker.io/library/busybox:1.37.0';

/** A workload with a bit of everything, and a task before it. */
export function sample({ engine, stack }: Demo): void {
  const web = stack('web');
  const password = engine.generateSecret(web, 'password');
  engine.runTask(web, 'setup', {
    image: IMAGE,
    command: ['sh', '-c', 'test -n "$PASSWORD"'],
    variables: { PASSWORD: password },
  });
  engine.run(web, 'web', {
    identity: engine.addIdentity(web, 'identity'),
    containers: {
      server: {
        image: IMAGE,
        command: ['httpd', '-f', '-p', '8080'],
        variables: { PASSWORD: password, LITERAL: '${not} %{a} template' },
        files: { '/etc/web/login.ini': text`password = ${password}\n`, '/etc/web/plain.ini': 'a = ${b}\n' },
        volumes: { '/data': { name: 'data', sizeGiB: 1 } },
        ports: { http: { port: 8080, protocol: 'http' } },
        probe: { port: 'http', httpPath: '/index.html', startSeconds: 75 },
        resources: { cpuMillis: 250, memoryMiB: 64 },
        userId: 1000,
      },
      sidecar: { image: IMAGE, command: ['sleep', 'infinity'] },
    },
  });
}
