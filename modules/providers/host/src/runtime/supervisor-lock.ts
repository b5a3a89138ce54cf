import type { DataFolder } from './data-folder';

/** File of the lock that whoever configures the supervisor of a data folder holds. */
export function supervisorLock(data: DataFolder): string {
  return data.path('locks', 'supervisor.lock');
}
