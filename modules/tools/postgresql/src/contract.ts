import type { Host, Platform } from '@mlterra/core';
import type { ToolRecipe } from '@mlterra/testing/contracts';
import { Postgresql } from './postgresql';

/** PostgreSQL for the contract suites. */
export const postgresqlRecipe: ToolRecipe = {
  tool: 'postgresql',
  runsOn: ['host'],
  build(stack, { platform, port }) {
    if (!isHost(platform)) throw new TypeError(`PostgreSQL does not run on ${platform.platformKind}`);
    const server = new Postgresql(stack, 'postgresql', { platform, port });
    server.addDatabase(stack, 'notes', { name: 'notes' });
  },
  expectations: { workloads: [], services: ['postgresql'], runsPostgres: true },
};

function isHost(platform: Platform): platform is Host {
  return platform.platformKind === 'host';
}
