import { exportService, MountPath, text } from '@mlterra/core';
import type { ToolRecipe } from './recipe';

const AUTH_FILE = '/etc/sample/auth.ini';

/**
 * A tool that wants everything a tool can want, for the spec of a platform: two databases, an object store, a
 * secret, a file, a port, a probe. It is only ever rehearsed.
 */
export const sampleTool: ToolRecipe = {
  tool: 'sample',
  runsOn: ['host', 'docker', 'kubernetes', 'machines'],
  needs: ['database', 'objectStore'],
  build(stack, { platform, database, addObjectStore, port }) {
    const identity = platform.addIdentity(stack, 'Identity');
    const { stage } = stack.stackKey;
    const main = database.addDatabase(stack, 'Database', { name: `sample_${stage}` });
    const users = database.addDatabase(stack, 'Users', { name: `sample_${stage}_users` });
    const store = addObjectStore(stack, 'Objects').grantReadWrite(identity);
    const password = platform.generateSecret(stack, 'Password');
    const { endpoints } = platform.run(stack, 'Server', {
      identity,
      connectsTo: [...main.peers, ...users.peers, ...store.peers],
      containers: {
        server: {
          image: 'registry.example.org/sample/server:v1.2.3',
          program: { kind: 'python', requirements: ['sample-server==1.2.3'] },
          command: [
            'sample',
            '--host',
            platform.listenAddress,
            '--port',
            String(port),
            '--objects',
            store.uri,
          ],
          variables: {
            ...store.variables,
            SAMPLE_DATABASE: main.url('postgresql+psycopg2'),
            SAMPLE_PASSWORD: password,
            SAMPLE_AUTH_FILE: new MountPath(AUTH_FILE),
          },
          files: { [AUTH_FILE]: text`[auth]\ndatabase = ${users.url()}\n` },
          ports: { http: { port, protocol: 'http' } },
          probe: { port: 'http', httpPath: '/healthz' },
          resources: { cpuMillis: 100, memoryMiB: 128 },
        },
      },
    });
    exportService(stack, { name: 'sample', url: endpoints['server.http']!.url, username: 'admin', password });
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'registry.example.org/sample/server',
        databaseUrls: [
          { from: { variable: 'SAMPLE_DATABASE' }, scheme: 'postgresql+psycopg2' },
          { from: { file: AUTH_FILE, pattern: /^database = (.*)$/m }, scheme: 'postgresql' },
        ],
        objectStores: [{ argument: '--objects' }],
        secrets: [{ variable: 'SAMPLE_PASSWORD' }],
        ports: ['http'],
        probe: { port: 'http', path: '/healthz' },
      },
    ],
    services: ['sample'],
  },
};
