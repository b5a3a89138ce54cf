import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Container, Secret, StackOutput, Task } from '@mlterra/core';
import { synthStack } from '@mlterra/testing';
import { parse } from 'yaml';
import { HOST, PASSWORD, sampleContainer, samplePlainProject, sampleTask } from '../testing/sample';
import type { ComposePart, ComposeProject } from './compose-project';
import type { ComposeService } from './document';

function project(parts: (password: Secret, other: StackOutput) => readonly ComposePart[]): ComposeProject {
  let made: ComposeProject | undefined;
  synthStack((stack) => (made = samplePlainProject(stack, parts)));
  return made!;
}

const workload = (name: string, container: Container): ComposePart => ({
  kind: 'workload',
  name,
  workload: { containers: { server: container } },
});
const task = (name: string, changes: Partial<Task> = {}): ComposePart => ({
  kind: 'task',
  name,
  task: { ...sampleTask, ...changes },
});
const sample = (): ComposeProject =>
  project((password, other) => [task('prepare'), workload('demo', sampleContainer(password, other))]);
const one = (changes: Partial<Container>): ComposeService =>
  project(() => [workload('demo', { image: 'demo:v1', command: [], ...changes })]).document.services.demo!;

describe('a project of Compose', () => {
  it('holds everything of workloads and tasks', () => {
    expect(sample()).toMatchSnapshot();
  });

  it('names a secret in the document once, and tells it beside', () => {
    const { document, secrets, files } = sample();
    expect(JSON.stringify(document)).not.toContain(PASSWORD);
    expect(secrets).toEqual({ DEMO_DATABASE: PASSWORD });
    expect(document.services.demo!.environment).toMatchObject({
      DATABASE: 'postgresql://demo:${DEMO_DATABASE}@data$$base.example.org:5432/demo',
      AGAIN: '${DEMO_DATABASE}',
    });
    expect(files.map(({ path, secret, userId }) => [path, secret, userId])).toEqual([
      ['files/demo/etc/demo/config.ini', true, 1234],
      ['files/demo/etc/demo/motd', false, 1234],
    ]);
    expect(files[0]!.content).toBe(`password = ${PASSWORD}\nmotto = $MOTTO\n`);
  });

  it('lets workloads wait for the tasks before them, and tasks for nothing', () => {
    const plain = { image: 'demo:v1', command: [] };
    const { services } = project(() => [
      workload('database', plain),
      task('create'),
      workload('server', plain),
      task('later'),
    ]).document;
    const done = { condition: 'service_completed_successfully' };
    expect(Object.entries(services).map(([name, service]) => [name, service.depends_on])).toEqual([
      ['database', undefined],
      ['create', undefined],
      ['server', { create: done }],
      ['later', undefined],
    ]);
    expect(services.create!.restart).toBe('no');
  });

  it('runs nothing as root but what gives volumes to their user', () => {
    const { services } = sample().document;
    expect(Object.entries(services).map(([name, { user, cap_add: added }]) => [name, user, added])).toEqual([
      ['prepare', '65532:65532', undefined],
      ['demo-volumes', '0:0', ['CHOWN']],
      ['demo', '1234:1234', undefined],
    ]);
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it('makes a container anew when one of its files changes', () => {
    const label = (content: string): unknown =>
      one({ files: { '/etc/demo': content } }).labels['dev.mlterra.files'];
    expect(label('a')).toBe(label('a'));
    expect(label('a')).not.toBe(label('b'));
  });

  it('leaves the command to the image where there is none', () => {
    expect(one({})).not.toHaveProperty('entrypoint');
    expect(one({ command: ['demo'] })).toMatchObject({ entrypoint: ['demo'] });
    expect(one({ command: ['demo'] })).not.toHaveProperty('command');
  });

  it('asks a command of the image where the probe has one', () => {
    const ports = { http: { port: 8080, protocol: 'http' as const } };
    expect(one({ ports, probe: { port: 'http', command: ['ready', '$1'] } }).healthcheck).toEqual({
      test: ['CMD', 'ready', '$$1'],
      interval: '10s',
      timeout: '5s',
      retries: 3,
      start_period: '120s',
    });
  });

  it('tells containers of one workload apart', () => {
    const container = { image: 'demo:v1', command: [] };
    const { services } = project(() => [
      { kind: 'workload', name: 'demo', workload: { containers: { server: container, helper: container } } },
    ]).document;
    expect(Object.keys(services)).toEqual(['demo-server', 'demo-helper']);
  });

  it('lets containers of one workload share a volume, in one part or in several', () => {
    const container = {
      image: 'demo:v1',
      command: [],
      volumes: { '/data': { name: 'data', sizeGiB: 1 } },
    };
    const sources = ({ document }: ComposeProject): unknown[] =>
      ['demo-server', 'demo-helper'].map((name) => document.services[name]!.volumes);
    const whole = project(() => [
      { kind: 'workload', name: 'demo', workload: { containers: { server: container, helper: container } } },
    ]);
    const split = project(() =>
      ['server', 'helper'].map((name) => ({
        kind: 'workload',
        name: `demo-${name}`,
        workload: { containers: { [name]: container } },
        volumePrefix: 'demo',
      })),
    );
    const mount = [{ type: 'volume', source: 'demo-data', target: '/data', volume: { nocopy: true } }];
    for (const made of [whole, split]) {
      expect(sources(made)).toEqual([mount, mount]);
      expect([...made.volumes]).toEqual(['demo-data']);
    }
  });

  it('refuses two services of one name', () => {
    expect(() => project(() => [task('demo'), task('demo')])).toThrow(
      'Two things of one project would be the service "demo".',
    );
  });
});

const hasCompose = spawnSync('docker-compose', ['version']).status === 0;

(hasCompose ? describe : describe.skip)('docker-compose', () => {
  it('reads the document, and every text arrives', () => {
    const { document, files, secrets } = sample();
    const read = config(document, files, secrets);
    const { demo } = read.services;
    const { command, environment } = demo!;
    expect([command, environment]).toEqual([
      ['--config', '/etc/demo/config.ini', '--motto', '${HOME} costs $5'],
      {
        HOME: '/tmp',
        DATABASE: `postgresql://demo:${PASSWORD}@${HOST}:5432/demo`,
        AGAIN: PASSWORD,
        PLAIN: 'plain',
      },
    ]);
    expect(Object.keys(read.services)).toHaveLength(3);
  });
});

function config(
  document: ComposeProject['document'],
  files: ComposeProject['files'],
  secrets: ComposeProject['secrets'],
): ComposeProject['document'] {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-compose-'));
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    writeFileSync(join(folder, 'compose.json'), JSON.stringify(document));
    const { status, stdout, stderr } = spawnSync('docker-compose', ['-f', 'compose.json', 'config'], {
      cwd: folder,
      env: { ...process.env, ...secrets },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(JSON.stringify(parse(stdout)).replaceAll('$$', '$')) as ComposeProject['document'];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
