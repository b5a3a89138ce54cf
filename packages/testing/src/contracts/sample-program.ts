import { exportService, MountPath, runsContainers, text } from '@mlterra/core';
import type { ToolRecipe } from './recipe';

const AUTH_FILE = '/etc/sample/auth.ini';

/**
 * A tool that needs nothing but its platform, for the spec of one that offers no database and no object store: a secret, a
 * file, a volume, a port, a probe, and a task where the platform runs images. It is only ever rehearsed.
 */
export const sampleProgram: ToolRecipe = {
  tool: 'sample-program',
  runsOn: ['host', 'docker', 'kubernetes', 'machines'],
  build(stack, { platform, port }) {
    const password = platform.generateSecret(stack, 'Password');
    const key = platform.generateSecret(stack, 'Key');
    if (runsContainers(platform)) {
      platform.runTask(stack, 'Setup', {
        image: 'registry.example.org/sample/setup:v1.2.3',
        command: ['setup', new MountPath(AUTH_FILE)],
        variables: { SAMPLE_KEY: key },
        files: { [AUTH_FILE]: text`password = ${password}\n` },
      });
    }
    const { endpoints } = platform.run(stack, 'Server', {
      containers: {
        server: {
          image: 'registry.example.org/sample/server:v1.2.3',
          program: { kind: 'python', requirements: ['sample-server==1.2.3'] },
          command: ['sample', '--host', platform.listenAddress, '--port', String(port)],
          variables: { SAMPLE_KEY: key, SAMPLE_AUTH_FILE: new MountPath(AUTH_FILE) },
          files: { [AUTH_FILE]: text`[auth]\npassword = ${password}\n` },
          volumes: { '/var/lib/sample': { name: 'data', sizeGiB: 1 } },
          ports: { http: { port, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/healthz' },
          resources: { cpuMillis: 100, memoryMiB: 128 },
        },
      },
    });
    exportService(stack, {
      name: 'sample',
      url: endpoints['server.http']!.url,
      username: 'admin',
      password,
    });
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'registry.example.org/sample/server',
        secrets: [{ variable: 'SAMPLE_KEY' }, { file: AUTH_FILE, pattern: /^password = (.*)$/m }],
        ports: ['http'],
        probe: { port: 'http', path: '/healthz' },
      },
    ],
    services: ['sample'],
  },
};
