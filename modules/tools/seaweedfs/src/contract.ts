import type { ToolRecipe } from '@mlterra/testing/contracts';
import { Seaweedfs } from './seaweedfs';

/** SeaweedFS for the contract suites. */
export const seaweedfsRecipe: ToolRecipe = {
  tool: 'seaweedfs',
  runsOn: ['docker', 'kubernetes', 'machines'],
  build(stack, { platform, port }) {
    const server = new Seaweedfs(stack, 'seaweedfs', { platform, port });
    server.addObjectStore(stack, 'notes');
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'docker.io/chrislusf/seaweedfs',
        secrets: [{ variable: 'AWS_SECRET_ACCESS_KEY' }],
        ports: ['s3'],
        probe: { port: 's3', path: '/healthz' },
      },
    ],
    services: ['seaweedfs'],
  },
};
