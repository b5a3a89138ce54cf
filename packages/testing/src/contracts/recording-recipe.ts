import type { PlatformKind } from '@mlterra/core';
import type { PlatformRecipe } from './recipe';
import type { Recording } from '../recording';
import { RecordingHost } from '../recording-host';
import { RecordingPlatform } from '../recording-platform';
import { recordingObserver } from './recording-observer';

const POSTGRES_PORT = 5432;

/** A platform on which nothing runs, so that the spec of a tool can hold it to its contract without any provider. */
export function recordingRecipeOf(platformKind: PlatformKind): PlatformRecipe {
  return {
    provider: platformKind === 'host' ? 'recording' : `recording-${platformKind}`,
    platformKind,
    way: 'iaas',
    accessManagement: false,
    build(stage) {
      const platform: Recording =
        platformKind === 'host' ? new RecordingHost() : new RecordingPlatform(platformKind);
      return {
        platform,
        database: platform.addPostgres(stage.stack('database'), 'Server', { port: POSTGRES_PORT }),
        addObjectStore: (scope, id) => platform.addObjectStore(scope, id),
      };
    },
    observer: recordingObserver,
  };
}

/** The host among them. */
export const recordingRecipe = recordingRecipeOf('host');
