import type { DataFolder } from './data-folder';
import { withLock } from './lock';
import { endForeignOrders } from './supervisor';

/**
 * Runs `action` while no other run changes what the supervisor of a data folder runs. Orders that a killed run has
 * left behind are ended first.
 */
export function withSupervisor<T>(data: DataFolder, action: () => Promise<T>): Promise<T> {
  const file = data.path('locks', 'supervisor.lock');
  return withLock(file, 'the processes of this environment', async () => {
    await endForeignOrders(data);
    return action();
  });
}
