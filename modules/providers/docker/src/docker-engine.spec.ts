import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeExportOf, exportService, text, type Container } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import { demo, IMAGE, sample, type Demo } from './testing/demo';

type Values = Readonly<Record<string, unknown>>;

const containers = (
  build: (demo: Demo) => void,
  props: Parameters<typeof demo>[1] = {},
): Readonly<Record<string, Values>> =>
  synthEnvironment(demo(build, props))['dev/web']!.resource!.docker_container as Record<string, Values>;

const one = (changes: Partial<Container> = {}, props: Parameters<typeof demo>[1] = {}): Values =>
  containers(({ engine, stack }) => {
    engine.run(stack('web'), 'web', {
      containers: {
        server: { image: IMAGE, command: [], ports: { http: { port: 80, protocol: 'http' } }, ...changes },
      },
    });
  }, props).web!;

describe('DockerEngine', () => {
  it('publishes what it is told to, on loopback only', () => {
    expect(one({}, { publish: { 'web.http': 8080 } }).ports).toEqual([
      { internal: 80, external: 8080, ip: '127.0.0.1', protocol: 'tcp' },
    ]);
    expect(one().ports).toEqual([]);
  });

  it('lets containers of one workload share a volume', () => {
    const container = { image: IMAGE, command: [], volumes: { '/data': { name: 'data', sizeGiB: 1 } } };
    const made = containers(({ engine, stack }) => {
      engine.run(stack('web'), 'web', { containers: { server: container, helper: container } });
    });
    const mount = [{ type: 'volume', source: 'demo-dev-web-data', target: '/data' }];
    expect([made.web!.mounts, made['web-helper']?.mounts ?? made.web_helper!.mounts]).toEqual([mount, mount]);
  });

  it('names the ports there are where one is published that no workload has', () => {
    expect(() => one({}, { publish: { 'wbe.http': 8080 } })).toThrow(/"wbe\.http" is published[^]*web\.http/);
  });

  it('knows the headers of clients in the network and on the machine', () => {
    synthEnvironment(
      demo(
        ({ engine, stack }) => {
          const web = stack('web');
          expect(engine.hostHeaders(web, 'web', { name: 'server.http', port: 80 })).toEqual([
            'web:80',
            'demo-dev-web:80',
            'localhost:8080',
            '127.0.0.1:8080',
          ]);
          const { endpoints } = engine.run(web, 'web', {
            containers: {
              server: { image: IMAGE, command: [], ports: { http: { port: 80, protocol: 'http' } } },
            },
          });
          expect(endpoints['server.http']!.outsideUrl).toEqual(text`http://localhost:8080`);
          expect(endpoints['server.http']!.host.known).toBe('web');
        },
        { publish: { 'web.http': 8080 } },
      ),
    );
  });

  it('puts a stack before the name that another stack was first to have', () => {
    synthEnvironment(
      demo(({ engine, stack }) => {
        const workload = { containers: { server: { image: IMAGE, command: [] } } };
        engine.run(stack('one'), 'web', workload);
        engine.run(stack('two'), 'web', workload);
        expect(engine.hostHeaders(stack('two'), 'web', { name: 'server.http', port: 80 })[0]).toBe(
          'two-web:80',
        );
      }),
    );
  });

  it('talks to another engine only when told to, and to one in each stack', () => {
    const provider = (host?: string): unknown =>
      synthEnvironment(demo(() => undefined, host === undefined ? {} : { host }))['dev/engine']!.provider!
        .docker;
    expect(provider()).toEqual([{}]);
    expect(provider('ssh://me@example.org')).toEqual([{ host: 'ssh://me@example.org' }]);
  });

  it.each<[string, Partial<Container>, RegExp]>([
    ['a file in the root', { files: { '/file': 'a' } }, /\/file of the container "server".*in the root/],
    ['a file among temporary ones', { files: { '/tmp/file': 'a' } }, /\/tmp is a volume/],
    [
      'a file in a volume',
      { files: { '/data/a/file': 'a' }, volumes: { '/data': { name: 'data', sizeGiB: 1 } } },
      /\/data is a volume/,
    ],
    ['an empty file', { files: { '/etc/web/file': '' } }, /is empty/],
    ['an image of no release', { image: 'busybox:latest' }, /busybox:latest/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => one(changes)).toThrow(message);
  });

  it('refuses replicas, and identities of others', () => {
    const run = (more: object) => () =>
      containers(({ engine, stack }) => {
        engine.run(stack('web'), 'web', { containers: { server: { image: IMAGE, command: [] } }, ...more });
      });
    expect(run({ replicas: 2 })).toThrow(/2 replicas/);
    expect(run({ identity: { name: 'other' } })).toThrow(/identity "other"/);
  });

  it('holds tasks before the workloads that are declared after them, not before others', () => {
    const found = containers(({ engine, stack }) => {
      const web = stack('web');
      const workload = { containers: { server: { image: IMAGE, command: [] } } };
      engine.run(web, 'early', workload);
      engine.runTask(web, 'setup', { image: IMAGE, command: ['true'] });
      engine.run(web, 'late', workload);
    });
    expect(found.early!.depends_on).toEqual([]);
    expect(found.late!.depends_on).toEqual(['docker_container.setup']);
    expect(found.setup).toMatchObject({ must_run: false, restart: 'no' });
  });

  it('pulls by the mirror, and builds what it is told to build', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-docker-image-'));
    process.env.MLTERRA_IMAGE_MIRROR = 'mirror.example.org';
    try {
      mkdirSync(join(folder, 'context'));
      writeFileSync(join(folder, 'context', 'Dockerfile'), 'FROM scratch\n');
      const stacks = synthEnvironment(
        demo(({ engine, stack }) => {
          engine.buildImage(stack('images'), 'own', {
            folder: join(folder, 'context'),
            name: 'demo/own:v1',
            arguments: { BASE: 'debian' },
          });
          engine.run(stack('web'), 'own', { containers: { server: { image: 'demo/own:v1', command: [] } } });
          engine.run(stack('web'), 'pulled', { containers: { server: { image: IMAGE, command: [] } } });
        }),
      );
      const [built] = Object.values(stacks['dev/images']!.resource!.docker_image!);
      expect(built).toMatchObject({ name: 'demo/own:v1', build: { build_args: { BASE: 'debian' } } });
      expect(JSON.stringify(built)).not.toContain(folder);
      const web = stacks['dev/web']!.resource!;
      expect(Object.values(web.docker_image!).map(({ name }) => name)).toEqual([
        'mirror.example.org/docker.io/library/busybox:1.37.0',
      ]);
      expect(web.docker_container!.own!.image).toContain('upstream_dev_images');
    } finally {
      delete process.env.MLTERRA_IMAGE_MIRROR;
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses to build an image that a workload before it already pulls', () => {
    expect(() =>
      containers(({ engine, stack }) => {
        engine.run(stack('web'), 'web', { containers: { server: { image: IMAGE, command: [] } } });
        engine.buildImage(stack('web'), 'own', { folder: __dirname, name: IMAGE });
      }),
    ).toThrow(/is built here, but dev-web\/web\S* already uses it/);
  });

  it('tells people of a project of Compose where it answers and how to log in', () => {
    synthEnvironment(
      demo(
        (given) => {
          const web = given.stack('web');
          const password = given.engine.generateSecret(web, 'password');
          const { endpoints } = given.engine.run(web, 'web', {
            containers: {
              server: {
                image: IMAGE,
                command: [],
                variables: { PASSWORD: password },
                ports: { http: { port: 80, protocol: 'http' } },
              },
            },
          });
          const { outsideUrl, url } = endpoints['server.http']!;
          exportService(web, { name: 'web', url: outsideUrl!, username: 'admin', password });
          exportService(web, { name: 'inner', url });
          const unused = given.engine.generateSecret(web, 'unused');
          exportService(web, { name: 'elsewhere', url, username: 'admin', password: unused });
          const { entries, variables } = composeExportOf(given.engine)!({});
          expect(entries).toEqual([
            {
              name: 'web',
              url: 'http://localhost:8080',
              isPublished: true,
              login: { username: 'admin', variable: 'SECRET_DEV_WEB_PASSWORD' },
            },
            { name: 'inner', url: 'http://web:80', isPublished: false },
          ]);
          expect(variables).toHaveProperty('SECRET_DEV_WEB_PASSWORD');
        },
        { publish: { 'web.http': 8080 } },
      ),
    );
  });

  it('gives the same as a project of Compose, and keeps its secrets', () => {
    synthEnvironment(
      demo(
        (given) => {
          sample(given);
          const exporter = composeExportOf(given.engine)!;
          const { document, files, variables } = exporter({});
          const password = variables.SECRET_DEV_WEB_PASSWORD!;
          expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
          expect(JSON.stringify(document)).not.toContain(password);
          expect(Object.keys((document as { services: object }).services)).toEqual(
            expect.arrayContaining(['setup', 'web', 'web-sidecar']),
          );
          expect(files.find(({ path }) => path.endsWith('login.ini'))!.content).toBe(
            `password = ${password}\n`,
          );
          expect(exporter(variables).variables).toEqual(variables);
          expect(exporter({}).variables).not.toEqual(variables);
        },
        { publish: { 'web.http': 8080 } },
      ),
    );
  });
});
