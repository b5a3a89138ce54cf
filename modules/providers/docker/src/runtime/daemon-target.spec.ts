import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hooks } from '../hooks';

const context = (host?: string) => ({
  environment: 'demo',
  stage: 'dev',
  stack: 'web',
  environmentDir: '/nonexistent',
  data: { host },
});

describe('where the variables of the caller lead', () => {
  const before = { ...process.env };
  const home = mkdtempSync(join(tmpdir(), 'mlterra-docker-home-'));

  beforeAll(() => {
    const contexts = { laptop: 'unix:///home/me/.colima/docker.sock', far: 'ssh://me@far' };
    for (const [Name, Host] of Object.entries(contexts)) {
      const folder = join(home, '.docker', 'contexts', 'meta', Name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'meta.json'), JSON.stringify({ Name, Endpoints: { docker: { Host } } }));
    }
    mkdirSync(join(home, '.docker', 'contexts', 'meta', 'broken'));
  });
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('DOCKER_')) delete process.env[name];
    process.env.HOME = home;
  });
  afterAll(() => {
    for (const name of ['DOCKER_HOST', 'DOCKER_CONTEXT', 'HOME']) delete process.env[name];
    Object.assign(process.env, before);
    rmSync(home, { recursive: true });
  });

  const daemon = async (variables: Record<string, string>) => {
    Object.assign(process.env, variables);
    const { 'Docker daemon': target, ...others } = await hooks.targets!(context());
    expect(others).toEqual({});
    return target!;
  };

  it.each<[Record<string, string>, string | undefined, string]>([
    [{}, 'unix:///var/run/docker.sock', 'DOCKER_HOST, which is not set,'],
    [{ DOCKER_HOST: '' }, 'unix:///var/run/docker.sock', 'DOCKER_HOST, which is not set,'],
    [{ DOCKER_HOST: 'tcp://10.0.0.1:2375' }, 'tcp://10.0.0.1:2375', 'DOCKER_HOST=tcp://10.0.0.1:2375'],
    [{ DOCKER_HOST: 'tcp://me:secret@far:2376' }, 'tcp://far:2376', 'DOCKER_HOST=tcp://far:2376'],
    [{ DOCKER_CONTEXT: 'laptop' }, 'unix:///home/me/.colima/docker.sock', 'DOCKER_CONTEXT=laptop'],
    [{ DOCKER_HOST: 'tcp://near:2375', DOCKER_CONTEXT: 'far' }, 'ssh://far', 'DOCKER_CONTEXT=far'],
    [{ DOCKER_CONTEXT: 'unknown' }, undefined, 'DOCKER_CONTEXT=unknown'],
  ])('%j is %s', async (variables, value, from) => {
    expect(await daemon(variables)).toMatchObject({ value, from });
  });

  it.each([
    ['unix:///var/run/docker.sock', 'unix:///run/docker.sock'],
    ['tcp://far:2376', 'https://far:2376/'],
    ['ssh://me@far', 'ssh://you@far'],
  ])('%s is the same place as %s', async (one, other) => {
    const { identity } = await daemon({ DOCKER_HOST: one });
    expect((await daemon({ DOCKER_HOST: other })).identity).toBe(identity);
  });

  it.each([
    ['tcp://far:2376', 'tcp://far:2375'],
    ['tcp://far:2376', 'tcp://near:2376'],
    ['unix:///var/run/docker.sock', 'unix:///var/run/other.sock'],
    ['unix:///var/run/docker.sock', 'tcp://127.0.0.1:2375'],
  ])('%s is another place than %s', async (one, other) => {
    const { identity } = await daemon({ DOCKER_HOST: one });
    expect((await daemon({ DOCKER_HOST: other })).identity).not.toBe(identity);
  });

  it('is nowhere where the source names the daemon, and refused where it would lead past that', async () => {
    process.env.DOCKER_HOST = 'tcp://elsewhere:2375';
    expect(await hooks.targets!(context('tcp://here:2375'))).toEqual({});
    process.env.DOCKER_CONTEXT = 'laptop';
    await expect(hooks.targets!(context('tcp://here:2375'))).rejects.toThrow(
      /DOCKER_CONTEXT=laptop[^]*tcp:\/\/here:2375[^]*unset DOCKER_CONTEXT/,
    );
  });

  it('is where the hooks look themselves', async () => {
    Object.assign(process.env, { DOCKER_HOST: 'unix:///nonexistent/one.sock', DOCKER_CONTEXT: 'laptop' });
    await expect(hooks.probe!(context())).rejects.toThrow(/at unix:\/\/\/home\/me\/\.colima\/docker\.sock/);
  });
});
