import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerEngineTarget } from './container-engine-target';

describe('the container engine in which clusters are made', () => {
  const HOME = mkdtempSync(join(tmpdir(), 'mlterra-engine-home-'));
  afterAll(() => rmSync(HOME, { recursive: true }));

  it.each<[string, NodeJS.ProcessEnv, string, string]>([
    ['docker', {}, 'docker at unix:///var/run/docker.sock', 'DOCKER_HOST, which is not set,'],
    ['docker', { DOCKER_HOST: 'tcp://me:pw@far:1' }, 'docker at tcp://far:1', 'DOCKER_HOST=tcp://far:1'],
    [
      'docker',
      { DOCKER_HOST: 'tcp://far:1', DOCKER_CONTEXT: 'x' },
      'docker at tcp://far:1',
      'DOCKER_HOST=tcp://far:1',
    ],
    ['docker', { DOCKER_CONTEXT: 'x' }, 'docker context "x"', 'DOCKER_CONTEXT=x'],
    [
      'docker',
      { DOCKER_CONTEXT: 'default' },
      'docker at unix:///var/run/docker.sock',
      'DOCKER_CONTEXT=default',
    ],
    ['podman', { DOCKER_HOST: 'tcp://far:1' }, 'podman', 'podman without variables of its own'],
    ['podman', { CONTAINER_HOST: 'ssh://me@far' }, 'podman at ssh://far', 'CONTAINER_HOST=ssh://far'],
    ['nerdctl', {}, 'nerdctl', 'nerdctl without variables of its own'],
  ])('%s with %j is %s', (engine, variables, value, from) => {
    expect(containerEngineTarget(engine, { HOME, ...variables })).toEqual({ value, from });
  });

  it('is the context that `docker context use` has chosen, unless a variable says otherwise', () => {
    const folder = join(HOME, '.docker');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), '{ "currentContext": "colima" }');
    const from = 'the current Docker context "colima"';
    const colima = { value: 'docker context "colima"', from };
    expect(containerEngineTarget('docker', { HOME })).toEqual(colima);
    expect(containerEngineTarget('docker', { HOME: '/nonexistent', DOCKER_CONFIG: folder })).toEqual(colima);
    expect(containerEngineTarget('docker', { HOME, DOCKER_CONTEXT: 'x' }).value).toBe('docker context "x"');
    writeFileSync(join(folder, 'config.json'), '{');
    expect(containerEngineTarget('docker', { HOME }).value).toBe('docker at unix:///var/run/docker.sock');
  });
});
