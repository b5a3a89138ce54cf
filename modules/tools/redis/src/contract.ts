import type { ToolRecipe } from '@mlterra/testing/contracts';
import { CONFIG_PATH } from './config-file';
import { Redis } from './redis';

/** Redis for the contract suites. */
export const redisRecipe: ToolRecipe = {
  tool: 'redis',
  runsOn: ['docker', 'kubernetes', 'machines'],
  build(stack, { platform, port }) {
    new Redis(stack, 'redis', { platform, port });
  },
  expectations: {
    workloads: [
      {
        container: 'server',
        image: 'docker.io/valkey/valkey',
        secrets: [{ file: CONFIG_PATH, pattern: /^requirepass (\S+)$/m }, { variable: 'REDISCLI_AUTH' }],
        ports: ['redis'],
        probe: { port: 'redis', program: 'valkey-cli' },
      },
    ],
    services: ['redis'],
  },
};
