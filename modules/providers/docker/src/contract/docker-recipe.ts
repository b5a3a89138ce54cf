import type { PlatformRecipe } from '@mlterra/testing/contracts';
import { DockerEngine } from '../docker-engine';
import { dockerObserver } from './docker-observer';

/** Tools as containers of one engine; databases and object stores are tools too. */
export const dockerRecipe: PlatformRecipe = {
  provider: 'docker',
  platformKind: 'docker',
  way: 'iaas',
  accessManagement: false,
  build: (stage) => ({ platform: new DockerEngine(stage.stack('engine'), 'engine') }),
  observer: dockerObserver,
};
