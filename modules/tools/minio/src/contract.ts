import type { ToolRecipe } from '@mlterra/testing/contracts';
import { Minio } from './minio';

/** MinIO for the contract suites. */
export const minioRecipe: ToolRecipe = {
  tool: 'minio',
  runsOn: ['docker', 'kubernetes', 'machines'],
  build(stack, { platform, port }) {
    const server = new Minio(stack, 'minio', { platform, port, acceptArchivedUpstream: true });
    server.addObjectStore(stack, 'notes');
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'docker.io/minio/minio',
        secrets: [{ variable: 'MINIO_ROOT_PASSWORD' }],
        ports: ['s3'],
        probe: { port: 's3', path: '/minio/health/live' },
      },
    ],
    services: ['minio'],
  },
};
