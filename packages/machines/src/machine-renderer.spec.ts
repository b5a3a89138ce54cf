import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOutputs, text, type Container, type Stack, type Workload } from '@mlterra/core';
import { synthEnvironment, type StackJson } from '@mlterra/testing';
import type { MachineCloud } from './index';
import { MachineRenderer } from './index';
import type { ComposeDocument } from './compose';
import { applyUserData, readUserData, writtenFile, type CloudConfig } from './testing/applied';
import { exampleCloud, exampleEnvironment } from './testing/example';
import { CONFIG_PATH, sampleContainer, sampleTask } from './testing/sample';

const plain: Container = { image: 'registry.example.org/demo:v1', command: ['demo'] };
const http = (port: number): Container['ports'] => ({ http: { port, protocol: 'http' } });

/** A stack that runs a task and a workload with something of everything. */
function synthSample(changes: Partial<Container> = {}, cloud?: MachineCloud): StackJson {
  const environment = exampleEnvironment(
    (stack, renderer) => {
      const password = renderer.generateSecret(stack, 'Password');
      const { host } = exportOutputs(stack, { host: 'data$base.example.org' });
      renderer.runTask(stack, 'Prepare', sampleTask);
      renderer.run(stack, 'Demo', {
        containers: { server: { ...sampleContainer(password, host), ...changes } },
      });
    },
    'development',
    cloud,
  );
  return synthEnvironment(environment)['dev/tool']!;
}

function run(...workloads: readonly Partial<Workload>[]): StackJson {
  const environment = exampleEnvironment((stack, renderer) =>
    workloads.forEach((workload, index) =>
      renderer.run(stack, `Demo${index}`, { containers: { server: plain }, ...workload }),
    ),
  );
  return synthEnvironment(environment)['dev/tool']!;
}

const applied = (stack: StackJson, password?: string): CloudConfig =>
  readUserData(applyUserData(stack, password));

describe('MachineRenderer', () => {
  it('makes a group of machines for a stack, whose user data holds all that it runs', () => {
    expect(synthSample()).toMatchSnapshot();
  });

  it('lets everything arrive on the machine as it was given', () => {
    const password = `a'b"c$d\\e %{f} \${g} <h>`;
    const config = applied(synthSample(), password);
    const document = JSON.parse(writtenFile(config, '/etc/mlterra/compose.json')) as ComposeDocument;
    expect(document.services.demo).toMatchObject({
      command: ['--config', CONFIG_PATH, '--motto', '$${HOME} costs $$5'],
      environment: { DATABASE: 'postgresql://demo:${DEMO_DATABASE}@data$$base.example.org:5432/demo' },
      ports: ['8080:8080', '9090:9090'],
    });
    expect(document.volumes!['demo-data']!.driver_opts).toEqual({
      type: 'none',
      o: 'bind',
      device: '/var/lib/mlterra/volumes/demo-data',
    });
    expect(writtenFile(config, `/etc/mlterra/files/demo${CONFIG_PATH}`)).toBe(
      `password = ${password}\nmotto = $MOTTO\n`,
    );
    const secrets = writtenFile(config, '/etc/mlterra/secrets.env');
    const shell = spawnSync('sh', ['-c', `${secrets}\nprintf %s "$DEMO_DATABASE"`], { encoding: 'utf8' });
    expect(shell.stdout).toBe(password);
  });

  it('writes secrets into files of root only', () => {
    const config = applied(synthSample(), 'canary');
    const holding = config.write_files.filter(({ path }) => writtenFile(config, path).includes('canary'));
    expect(holding.map(({ path, permissions }) => [path, permissions])).toEqual([
      ['/etc/mlterra/secrets.env', '0600'],
      [`/etc/mlterra/files/demo${CONFIG_PATH}`, '0400'],
    ]);
    expect(JSON.stringify(config)).not.toContain('canary');
  });

  it('changes the project when a secret in a file does', () => {
    const document = (password: string): string =>
      writtenFile(applied(synthSample(), password), '/etc/mlterra/compose.json');
    expect(document('one')).toBe(document('one'));
    expect(document('one')).not.toBe(document('two'));
  });

  it('tells the machine what it has to look after', () => {
    expect(writtenFile(applied(synthSample()), '/etc/mlterra/manifest').split('\n')).toEqual([
      'workload\tdemo',
      'volume\tdemo-data',
      `file\t1234\tfiles/demo${CONFIG_PATH}`,
      'file\t1234\tfiles/demo/etc/demo/motd',
      '',
    ]);
  });

  it('mounts the disk of the cloud, and never formats it twice', () => {
    const config = applied(synthSample({}, exampleCloud({ dataDisk: '/dev/disk/by-id/data' })));
    expect(config).toMatchObject({
      fs_setup: [{ device: '/dev/disk/by-id/data', overwrite: false, filesystem: 'ext4' }],
      mounts: [['/dev/disk/by-id/data', '/var/lib/mlterra', 'ext4', 'defaults,nofail', '0', '2']],
    });
  });

  it('opens ports for the clients of the cloud', () => {
    const cloud = exampleCloud();
    synthSample({}, cloud);
    expect(cloud.opened).toEqual([
      { path: 'dev-tool/Demo/server/http/Open', port: { port: 8080, protocol: 'http' }, from: cloud.clients },
      {
        path: 'dev-tool/Demo/server/metrics/Open',
        port: { port: 9090, protocol: 'http' },
        from: cloud.clients,
      },
    ]);
  });

  it('is reached by name on its machine, and by the address of the machine from elsewhere', () => {
    const hosts: string[] = [];
    let headers: readonly string[] = [];
    const environment = exampleEnvironment((stack, renderer, other) => {
      headers = renderer.hostHeaders(stack, 'Demo', { name: 'server.http', port: 8080 });
      const { endpoints } = renderer.run(stack, 'Demo', {
        containers: { server: { ...plain, ports: http(8080) } },
      });
      const { host } = endpoints['server.http']!;
      hosts.push(host.at(stack), host.at(other));
    });
    const stacks = synthEnvironment(environment);
    expect(hosts[0]).toBe('demo');
    expect(hosts[1]).toContain('TfToken');
    expect(stacks['dev/tool']!.output!.Demo_server_http_host!.value).toBe('192.0.2.10');
    expect(headers).toEqual([
      'demo:8080',
      'demo-server:8080',
      '192.0.2.10:8080',
      'localhost:8080',
      '127.0.0.1:8080',
    ]);
  });

  it('asks for as many machines as the largest workload wants', () => {
    const machines = (stack: StackJson): unknown =>
      (Object.values(stack.resource!.terraform_data!)[0] as { input: { machines: number } }).input.machines;
    expect(machines(run({}))).toBe(1);
    expect(machines(run({}, { replicas: 3 }))).toBe(3);
  });

  it('says how large its user data is, and refuses more than the cloud takes', () => {
    const large = { command: ['demo'], files: { '/etc/demo': noise(20_000) } };
    expect(() => applyUserData(synthSample(large))).toThrow(
      'The user data is larger than the 16384 bytes that the cloud takes.',
    );
    expect(() => applyUserData(synthSample(large, exampleCloud({ maxBytes: 65_536 })))).not.toThrow();
  });

  it('is compressed for clouds that take that', () => {
    const stack = (encoding?: 'gzip-base64'): StackJson => synthSample({}, exampleCloud({ encoding }));
    const [text, compressed] = [applyUserData(stack()), applyUserData(stack('gzip-base64'))];
    expect(text.toString('utf8')).toMatch(/^#cloud-config\n\{.*\}\n$/);
    expect(compressed.length).toBeLessThan(text.length);
    expect(readUserData(compressed)).toEqual(readUserData(text));
  });

  it.each<[string, (stack: Stack, renderer: MachineRenderer) => void, string]>([
    [
      'two workloads on one port',
      (stack, renderer) =>
        ['A', 'B'].forEach((id) =>
          renderer.run(stack, id, { containers: { server: { ...plain, ports: http(80) } } }),
        ),
      'dev-tool/B: port 80 of its machine is already that of dev-tool/A.',
    ],
    [
      'the port of the health check',
      (stack, renderer) =>
        renderer.run(stack, 'A', { containers: { server: { ...plain, ports: http(8099) } } }),
      'dev-tool/A: port 8099 of its machine is already that of the health check of the machine.',
    ],
    [
      'replicas of a stack with volumes',
      (stack, renderer) =>
        renderer.run(stack, 'A', {
          replicas: 2,
          containers: { server: { ...plain, volumes: { '/data': { name: 'data', sizeGiB: 1 } } } },
        }),
      '2 machines cannot share the volumes a-data.',
    ],
    [
      'volumes that would go with their machine',
      (stack) => {
        const volumes = { '/data': { name: 'data', sizeGiB: 1 } };
        new MachineRenderer(exampleCloud({ keepsMachines: false })).run(stack, 'A', {
          containers: { server: { ...plain, volumes } },
        });
      },
      'dev-tool/A: the data of data would be lost when its machine is replaced.',
    ],
    [
      'an identity of somebody else',
      (stack, renderer) =>
        renderer.run(stack, 'A', {
          identity: { scope: stack, name: 'stranger' },
          containers: { server: plain },
        }),
      'dev-tool/A: it cannot run as "stranger", which is not the identity of the machines of its stack.',
    ],
    [
      'machines of two clouds in one stack',
      (stack, renderer) => {
        renderer.run(stack, 'A', { containers: { server: plain } });
        new MachineRenderer(exampleCloud()).run(stack, 'B', { containers: { server: plain } });
      },
      'dev-tool/B: its stack already runs things on other machines.',
    ],
    [
      'what core refuses',
      (stack, renderer) => renderer.runTask(stack, 'A', { ...sampleTask, command: [] }),
      'dev-tool/A: ',
    ],
  ])('refuses %s', (_, build, message) => {
    expect(() => synthEnvironment(exampleEnvironment((stack, renderer) => build(stack, renderer)))).toThrow(
      message,
    );
  });

  it('runs as the identity of its machines', () => {
    const environment = exampleEnvironment((stack, renderer) => {
      const identity = renderer.addIdentity(stack);
      renderer.run(stack, 'A', { identity, containers: { server: { ...plain, variables: { A: text`a` } } } });
    });
    expect(() => synthEnvironment(environment)).not.toThrow();
  });
});

const hasCloudInit = spawnSync('cloud-init', ['--version']).status === 0;

(hasCloudInit ? describe : describe.skip)('cloud-init', () => {
  it.each([
    ['without a disk', {}],
    ['with a disk for its volumes', { dataDisk: '/dev/disk/by-id/data' }],
  ])('finds the user data valid: %s', (_, cloud) => {
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-machines-'));
    try {
      const file = join(folder, 'user-data');
      writeFileSync(file, applyUserData(synthSample({}, exampleCloud(cloud))));
      const { status, stdout, stderr } = spawnSync('cloud-init', ['schema', '--config-file', file], {
        encoding: 'utf8',
      });
      expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('Valid')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** A text that hardly compresses, the same every time. */
function noise(length: number): string {
  let state = 1;
  let made = '';
  while (made.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    made += state.toString(36);
  }
  return made;
}
