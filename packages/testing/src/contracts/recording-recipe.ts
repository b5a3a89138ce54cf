import type { PlatformRecipe } from './recipe';
import { RecordingHost } from '../recording-host';
import { recordingObserver } from './recording-observer';

const POSTGRES_PORT = 5432;

/** A host on which nothing runs, so that the spec of a tool can hold it to its contract without any provider. */
export const recordingRecipe: PlatformRecipe = {
  provider: 'recording',
  platformKind: 'host',
  way: 'iaas',
  accessManagement: false,
  build(stage) {
    const platform = new RecordingHost();
    return {
      platform,
      database: platform.addPostgres(stage.stack('database'), 'Server', { port: POSTGRES_PORT }),
      addObjectStore: (scope, id) => platform.addObjectStore(scope, id),
    };
  },
  observer: recordingObserver,
};
