import type { ObjectStoreFacts, Programs, ToolRecipe } from '@mlterra/testing/contracts';
import { Versitygw } from './versitygw';

/** Without tag. */
const IMAGE = 'docker.io/versity/versitygw';

/** versitygw for the contract suites. */
export const versitygwRecipe: ToolRecipe = {
  tool: 'versitygw',
  runsOn: ['docker', 'kubernetes', 'machines'],
  build(stack, { platform, port }) {
    const server = new Versitygw(stack, 'versitygw', { platform, port });
    server.addObjectStore(stack, 'notes');
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: IMAGE,
        secrets: [{ variable: 'ROOT_SECRET_ACCESS_KEY' }],
        ports: ['s3'],
        probe: { port: 's3', path: '/_health' },
      },
    ],
    services: ['versitygw'],
  },
  serves: {
    need: 'objectStore',
    build(stack, { platform, port }) {
      const server = new Versitygw(stack, 'versitygw', { platform, port });
      return (scope, id) => server.addObjectStore(scope, id);
    },
    facts: buckets,
  },
};

/** The buckets that tasks make, as far as they lead to a server that runs. */
function buckets({ workloads, tasks }: Programs): readonly ObjectStoreFacts[] {
  const endpoints = workloads
    .filter(({ image }) => image?.startsWith(`${IMAGE}:`))
    .flatMap(({ hosts = [], ports = [] }) =>
      hosts.flatMap((host) => ports.map(({ port }) => `http://${host}:${port}`)),
    );
  return tasks
    .filter(({ image, variables = {}, secretVariables = {} }) => {
      const keys = ['ADMIN_SECRET_ACCESS_KEY', 'USER_SECRET_ACCESS_KEY'];
      return (
        image?.startsWith(`${IMAGE}:`) &&
        endpoints.includes(variables['ADMIN_ENDPOINT_URL'] ?? '') &&
        keys.every((key) => secretVariables[key]?.value !== undefined)
      );
    })
    .flatMap(({ address, stack, variables = {} }) => {
      const bucket = variables['BUCKET'];
      return bucket === undefined
        ? []
        : [{ address, stack, uri: `s3://${bucket}`, selfRun: true as const, grants: [] }];
    });
}
