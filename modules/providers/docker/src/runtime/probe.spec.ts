import type Docker from 'dockerode';
import type { HookContainer, HookData } from '../spec';
import { probeContainers } from './probe';

const state = (more: object) => ({ Running: true, Restarting: false, Status: 'running', ...more });
const STATES: Readonly<Record<string, object>> = {
  good: state({ Health: { Status: 'healthy' } }),
  plain: state({}),
  starts: state({ Health: { Status: 'starting' } }),
  sick: state({ Health: { Status: 'unhealthy' } }),
  ended: state({ Running: false, Status: 'exited' }),
  loops: state({ Restarting: true, Status: 'restarting' }),
};

/** Answers as the Docker daemon does to an inspection. */
const docker = {
  getContainer: (name: string) => ({
    inspect: () =>
      name in STATES
        ? Promise.resolve({ State: STATES[name] })
        : Promise.reject(Object.assign(new Error('no such container'), { statusCode: 404 })),
  }),
} as unknown as Docker;

it('every workload that is missing, not running or unhealthy is found, and no task', async () => {
  const container = (name: string, kind: HookContainer['kind']) =>
    ({ name, kind, address: `docker_container.${name}`, ports: [] }) as unknown as HookContainer;
  const containers = [
    ...[...Object.keys(STATES), 'gone'].map((name) => container(name, 'workload')),
    container('ended', 'task'),
    container('lost', 'task'),
  ];
  const found = await probeContainers(docker, { containers } as unknown as HookData);
  expect(found).toEqual(
    [
      ['sick', 'is unhealthy'],
      ['ended', 'is exited'],
      ['loops', 'is restarting'],
      ['gone', 'is missing'],
    ].map(([name, problem]) => ({
      address: `docker_container.${name}`,
      problem: `container ${name} ${problem}`,
    })),
  );
});
