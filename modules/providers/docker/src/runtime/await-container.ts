import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { taskFailed, unhealthy } from '../errors';
import type { Provision } from '../spec';
import { lastLines } from './logs';

const INTERVAL_MILLISECONDS = 300;

/** A program that ends that often does not come up by itself. */
const MAX_RESTARTS = 5;

type Waiting = Extract<Provision, { readonly seconds: number }>;

/** Whether a container is healthy; one without a health check is as soon as it runs. */
export function isHealthy({ Running, Restarting, Health }: Docker.ContainerInspectInfo['State']): boolean {
  return Running && !Restarting && (Health?.Status ?? 'healthy') === 'healthy';
}

/** Waits until a container is healthy. */
export async function awaitHealthy(docker: Docker, provision: Waiting): Promise<void> {
  const container = docker.getContainer(provision.name);
  const seen = await until(container, provision.seconds, ({ State, RestartCount }) => {
    if (isHealthy(State)) return true;
    if (RestartCount >= MAX_RESTARTS) return `it ended ${RestartCount} times, last with ${State.ExitCode}`;
    if (State.Running || State.Restarting) return undefined;
    return `it is ${State.Status} (exit code ${State.ExitCode})`;
  });
  if (seen === true) return;
  const { State } = await container.inspect();
  const asked = State.Health?.Log.at(-1)?.Output.trim() ?? '';
  const what = `${seen ?? `not within ${provision.seconds} s`}${asked === '' ? '' : `; its health check says: ${asked}`}`;
  throw unhealthy(provision.name, what, await lastLines(container, provision));
}

/** Waits until a task has ended, which must be with 0. One that takes too long is stopped. */
export async function awaitEnd(docker: Docker, provision: Waiting): Promise<void> {
  const container = docker.getContainer(provision.name);
  const seen = await until(container, provision.seconds, ({ State }) => {
    if (State.Running || State.Status === 'created') return undefined;
    return State.ExitCode === 0 && !State.OOMKilled
      ? true
      : `ended with ${State.ExitCode}${State.OOMKilled ? ', out of memory' : ''}`;
  });
  if (seen === true) return;
  const log = await lastLines(container, provision);
  if (seen === undefined) await container.stop({ t: 1 }).catch(() => undefined);
  throw taskFailed(provision.name, seen ?? `did not end within ${provision.seconds} s`, log);
}

/** What `verdict` says of a container as soon as it says something; undefined when the time is over. */
async function until(
  container: Docker.Container,
  seconds: number,
  verdict: (found: Docker.ContainerInspectInfo) => true | string | undefined,
): Promise<true | string | undefined> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(INTERVAL_MILLISECONDS)) {
    const said = verdict(await container.inspect());
    if (said !== undefined || Date.now() > end) return said;
  }
}
