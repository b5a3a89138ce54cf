import type { PlatformRecipe } from '@mlterra/testing/contracts';
import { LocalHost } from '../local-host';
import { hostObserver } from './host-observer';

const POSTGRES_PORT = 5432;

/** Tools as processes of this machine, with a PostgreSQL server beside them. */
export const hostRecipe: PlatformRecipe = {
  provider: 'host',
  platformKind: 'host',
  way: 'iaas',
  accessManagement: false,
  build(stage) {
    const host = new LocalHost();
    return {
      platform: host,
      database: host.addPostgres(stage.stack('database'), 'Server', { port: POSTGRES_PORT }),
      addObjectStore: (scope, id) => host.addObjectStore(scope, id),
    };
  },
  observer: hostObserver,
};
