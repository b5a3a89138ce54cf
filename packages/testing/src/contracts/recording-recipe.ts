import type { PlatformKind, Stack } from '@mlterra/core';
import type { PlatformRecipe } from './recipe';
import type { Recording } from '../recording';
import { RecordingCluster } from '../recording-cluster';
import { RecordingDnsZone } from '../recording-dns-zone';
import { RecordingHost } from '../recording-host';
import { RecordingPlatform } from '../recording-platform';
import { RecordingSecretStore } from '../recording-secret-store';
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
      const stack = stage.stack('database');
      const platform = recording(platformKind, stack);
      return {
        platform,
        database: platform.addPostgres(stack, 'Server', { port: POSTGRES_PORT }),
        addObjectStore: (scope, id) => platform.addObjectStore(scope, id),
        ...(platformKind === 'kubernetes'
          ? { secretStore: new RecordingSecretStore(), dnsZone: new RecordingDnsZone() }
          : {}),
      };
    },
    observer: recordingObserver,
  };
}

function recording(platformKind: PlatformKind, stack: Stack): Recording {
  if (platformKind === 'host') return new RecordingHost();
  return platformKind === 'kubernetes' ? new RecordingCluster(stack) : new RecordingPlatform(platformKind);
}

/** The host among them. */
export const recordingRecipe = recordingRecipeOf('host');
