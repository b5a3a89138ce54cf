import type { PlatformHooks } from '@mlterra/core';
import { apiTargets } from './api-target';

/** What the engine can ask of Google Cloud. */
export const hooks: PlatformHooks = {
  targets() {
    return Promise.resolve(apiTargets());
  },
};
