import type { ToolRecipe } from '@mlterra/testing/contracts';
import { Lakefs } from './lakefs';

/** lakeFS for the contract suites. */
export const lakefsRecipe: ToolRecipe = {
  tool: 'lakefs',
  runsOn: ['docker', 'kubernetes', 'machines'],
  needs: ['database', 'objectStore'],
  build(stack, services) {
    const { platform, port, database } = services;
    const objects = services.addObjectStore(stack, 'objects');
    new Lakefs(stack, 'lakefs', { platform, database, objects, port });
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'docker.io/treeverse/lakefs',
        databaseUrls: [
          { from: { variable: 'LAKEFS_DATABASE_POSTGRES_CONNECTION_STRING' }, scheme: 'postgres' },
        ],
        objectStores: [{ variable: 'LAKEFS_BLOCKSTORE_DEFAULT_NAMESPACE_PREFIX' }],
        secrets: [
          { variable: 'LAKEFS_AUTH_ENCRYPT_SECRET_KEY' },
          { variable: 'LAKEFS_INSTALLATION_SECRET_ACCESS_KEY' },
        ],
        ports: ['http'],
        probe: { port: 'http', path: '/_health' },
      },
    ],
    services: ['lakefs'],
  },
};
