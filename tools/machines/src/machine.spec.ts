import { setTimeout as delay } from 'node:timers/promises';
import {
  canRunDocker,
  startDocker,
  startMachine,
  type DockerServer,
  type Machine,
  type StartMachineOptions,
} from '@mlterra/testbed';
import { AppliedStack } from './applied-stack';
import { userDataIn } from './paper-cloud';
import { TrackingClient, type LoggedRun } from './tracking-client';
import { trackingStack } from './tracking-stack';

/** Boots machines for minutes, and builds their root once, for three more. */
const whenAsked = process.env.MLTERRA_TEST_FULL && canRunDocker() ? describe : describe.skip;

jest.setTimeout(900_000);

const IMAGES = [
  'docker.io/library/postgres:18.4-bookworm',
  'docker.io/versity/versitygw:v1.8.0',
  'ghcr.io/mlflow/mlflow:v3.17.2-full',
];
const WELL_SECONDS = 240;

whenAsked('a machine that boots from rendered user data', () => {
  let server: DockerServer;
  let stack: AppliedStack;
  let outputs: Readonly<Record<string, string>>;
  let machine: Machine;
  let client: TrackingClient;
  let run: LoggedRun;

  const boot = async (options: Partial<StartMachineOptions> = {}): Promise<Machine> => {
    const started = await startMachine(server, {
      userData: userDataIn(outputs),
      images: IMAGES,
      ...options,
    });
    await started.booted();
    return started;
  };

  beforeAll(async () => {
    server = await startDocker();
    stack = await AppliedStack.create();
    outputs = stack.apply(trackingStack());
    machine = await boot();
    client = new TrackingClient(machine.address, outputs.mlflow_AdminPassword_value!);
  });
  afterAll(async () => {
    await machine?.stop();
    stack?.remove();
    await server?.stop();
  });

  it('brings up MLflow, PostgreSQL and the object store, and answers for them', async () => {
    await well(machine);
    expect(await running(machine)).toEqual(['mlflow', 'postgresql', 'versitygw']);
    run = await client.logRun('first');
    expect(await client.read(run)).toEqual({ loss: 0.5, note: 'note of first' });
  });

  it('shows its secrets to root only', async () => {
    const secrets = Object.entries(outputs)
      .filter(([name]) => /password|key|passphrase/i.test(name) && name.endsWith('_value'))
      .map(([, value]) => value);
    expect(secrets.length).toBeGreaterThan(5);
    await machine.exec('sh', '-c', `umask 077; printf '%s\\n' ${secrets.join(' ')} >/root/secrets`);
    const printed = (command: string): Promise<string> => machine.exec('sh', '-c', command);
    // They are where they have to be, or the questions below would find nothing anywhere.
    expect(await printed('grep -rlFf /root/secrets /etc')).toContain('/etc/mlterra/secrets.env');
    expect(await printed('grep -rlFf /root/secrets /var/log || true')).toBe('');
    expect(await printed('journalctl --no-pager --all | grep -cFf /root/secrets || true')).toBe('0');
    expect(await printed('cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -cFf /root/secrets || true')).toBe(
      '0',
    );
    // What others may read, asked as one of them.
    const found = await printed(`cp /root/secrets /run/canary && chmod 0444 /run/canary
      runuser -u nobody -- grep -rlsFf /run/canary --exclude=canary /etc /run /var /usr/local /opt /home /srv || true
      rm -f /run/canary`);
    expect(found).toBe('');
  });

  it('survives a reboot, and a power cut, with its data and the same containers', async () => {
    const before = await containers(machine);
    await machine.reboot();
    await well(machine);
    expect(await client.read(run)).toEqual({ loss: 0.5, note: 'note of first' });
    expect(await containers(machine)).toEqual(before);
    await machine.powerCut();
    await well(machine);
    expect(await client.read(run)).toEqual({ loss: 0.5, note: 'note of first' });
    expect(await containers(machine)).toEqual(before);
  });

  it('mends a container that somebody stopped, and one that is gone', async () => {
    await machine.exec('mlterra-machine', 'compose', 'stop', 'mlflow');
    await machine.exec('mlterra-machine', 'compose', 'rm', '--force', '--stop', 'versitygw');
    await until('it says that it is not well', async () => (await answer(machine)) === 503);
    await well(machine);
    expect(await client.read(run)).toEqual({ loss: 0.5, note: 'note of first' });
  });

  it('changes nothing when cloud-init runs again', async () => {
    const before = await containers(machine);
    const files = await fingerprint(machine);
    await machine.exec('cloud-init', 'clean', '--logs');
    await machine.reboot();
    await machine.booted();
    await well(machine);
    expect(await containers(machine)).toEqual(before);
    expect(await fingerprint(machine)).toBe(files);
  });

  it('brings up what changed, and nothing else, when its user data does', async () => {
    const before = await containers(machine);
    const next = stack.apply(trackingStack({ defaultPermission: 'EDIT' }));
    expect(next.mlflow_AdminPassword_value).toBe(outputs.mlflow_AdminPassword_value);
    await machine.setUserData(userDataIn(next));
    await machine.exec('cloud-init', 'clean');
    await machine.reboot();
    await machine.booted();
    await well(machine);
    const after = await containers(machine);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed).toEqual(['mlflow']);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(await machine.exec('sh', '-c', 'cat /etc/mlterra/files/mlflow/etc/mlflow/*')).toContain('EDIT');
    expect(await client.read(run)).toEqual({ loss: 0.5, note: 'note of first' });
  });

  it('is replaced by another machine, which finds the volumes on their disk', async () => {
    await machine.stop();
    const first = await boot({ dataDisk: 'mlterra-machine-spec' });
    try {
      await well(first);
      run = await new TrackingClient(first.address, outputs.mlflow_AdminPassword_value!).logRun('kept');
    } finally {
      await first.stop();
    }
    machine = await boot({ dataDisk: 'mlterra-machine-spec' });
    await well(machine);
    client = new TrackingClient(machine.address, outputs.mlflow_AdminPassword_value!);
    expect(await client.read(run)).toEqual({ loss: 0.5, note: 'note of kept' });
  });
});

/** Waits until the machine itself says that all of its containers are well. */
async function well(machine: Machine): Promise<void> {
  await until(
    'the machine is well',
    async () => (await answer(machine)) === 200,
    () =>
      machine.exec(
        'sh',
        '-c',
        'docker ps --all; journalctl --no-pager --lines 60 --unit mlterra --unit mlterra-health',
      ),
  );
}

/** Status that the health check of a cloud gets; undefined while nothing answers. */
async function answer(machine: Machine): Promise<number | undefined> {
  try {
    return (await fetch(`http://${machine.address}:8099/`, { signal: AbortSignal.timeout(5000) })).status;
  } catch {
    return undefined;
  }
}

async function until(
  what: string,
  isSo: () => Promise<boolean>,
  explain: () => Promise<string> = () => Promise.resolve(''),
): Promise<void> {
  const givenUp = Date.now() + WELL_SECONDS * 1000;
  while (!(await isSo())) {
    if (Date.now() > givenUp) {
      throw new Error(`not so after ${WELL_SECONDS} s: ${what}\n${await explain().catch(() => '')}`);
    }
    await delay(500);
  }
}

/** Id of every container by its service. */
async function containers(machine: Machine): Promise<Readonly<Record<string, string>>> {
  const format = '{{.Label "com.docker.compose.service"}} {{.ID}}';
  const rows = (await machine.exec('docker', 'ps', '--all', '--format', format)).split('\n').sort();
  return Object.fromEntries(rows.map((row) => row.split(' ') as [string, string]));
}

async function running(machine: Machine): Promise<readonly string[]> {
  const format = '{{.Label "com.docker.compose.service"}}';
  return (await machine.exec('docker', 'ps', '--format', format)).split('\n').sort();
}

/** A text that changes with the content, owner or mode of anything that cloud-init writes. */
function fingerprint(machine: Machine): Promise<string> {
  return machine.exec(
    'sh',
    '-c',
    `find /etc/mlterra /etc/systemd/system/mlterra* /usr/local/sbin -type f | sort |
       while read -r file; do stat --format '%n %u %g %a' "$file"; sha256sum "$file"; done`,
  );
}
