import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DockerServer } from '../docker/docker';
import { lacksResourceCapability } from '../docker/prerequisites';
import { runcWithoutResourceCapability } from '../docker/runc';
import { machineFailed } from '../errors';
import { dockerCli, type DockerCli } from './docker-cli';
import { machineImage, savedImages } from './machine-image';

const BOOT_MILLISECONDS = 120_000;

export interface StartMachineOptions {
  /** What cloud-init reads; compressed or not. */
  readonly userData: string | Buffer;
  /** Images of the test bed that the machine's own engine has, by public name. @default - none */
  readonly images?: readonly string[];
  /** Name of a disk for `/var/lib/mlterra` that outlives the machine; it goes with the engine. @default - none */
  readonly dataDisk?: string;
}

/**
 * A machine: a system container that boots Debian with systemd, cloud-init and a container engine of its own. Its network is
 * that of the test bed's engine, where it is reached from this machine only.
 */
export interface Machine {
  /** Address in the network of the engine. */
  readonly address: string;
  /** Runs a command as root and returns what it printed; throws if it fails. */
  exec(...command: readonly string[]): Promise<string>;
  /** Gives it other user data, as a cloud does that keeps the machine. Counts at the next boot after `cloud-init clean`. */
  setUserData(userData: string | Buffer): Promise<void>;
  /** Waits until cloud-init is done with the boot; throws if it failed. */
  booted(): Promise<void>;
  /** Shuts it down in order and starts it again. */
  reboot(): Promise<void>;
  /** Takes its power away and gives it back. */
  powerCut(): Promise<void>;
  /** Removes it and its disks. */
  stop(): Promise<void>;
}

/** Starts a machine on the Docker engine of the test bed; it goes with the engine at the latest. */
export async function startMachine(server: DockerServer, options: StartMachineOptions): Promise<Machine> {
  const docker = dockerCli(server.host);
  const image = await machineImage(docker);
  const files = await savedImages(docker, options.images ?? []);
  const name = `mlterra-machine-${randomBytes(4).toString('hex')}`;
  await docker(
    ...['create', '--name', name, '--hostname', 'machine', '--privileged', '--cgroupns', 'private'],
    // A disk for the engine's layers, which cannot lie on another engine's.
    ...['--tmpfs', '/run', '--tmpfs', '/tmp', '--volume', '/var/lib/docker'],
    ...(options.dataDisk === undefined ? [] : ['--volume', `${options.dataDisk}:/var/lib/mlterra`]),
    ...files.flatMap((file) => ['--volume', `${file}:/opt/images/${basename(file)}:ro`]),
    image,
  );
  try {
    if (lacksResourceCapability()) {
      await docker('cp', await runcWithoutResourceCapability(), `${name}:/usr/local/sbin/runc`);
    }
    await seed(docker, name, options.userData);
    await docker('start', name);
    return await running(docker, name);
  } catch (error) {
    await docker('rm', '--force', '--volumes', name);
    throw error;
  }
}

async function running(docker: DockerCli, name: string): Promise<Machine> {
  const exec = (...command: readonly string[]): Promise<string> => docker('exec', name, ...command);
  const restart = async (stop: readonly string[]): Promise<void> => {
    await docker(...stop, name);
    await docker('start', name);
  };
  return {
    address: await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', name),
    exec,
    setUserData: (userData) => seed(docker, name, userData),
    booted: () => booted(exec),
    reboot: () => restart(['stop', '--time', '120']),
    powerCut: () => restart(['kill']),
    stop: async () => void (await docker('rm', '--force', '--volumes', name)),
  };
}

/** Puts user data where cloud-init's source NoCloud looks. */
async function seed(docker: DockerCli, name: string, userData: string | Buffer): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-seed-'));
  try {
    mkdirSync(join(folder, 'nocloud'), { mode: 0o700 });
    writeFileSync(join(folder, 'nocloud', 'user-data'), userData, { mode: 0o600 });
    writeFileSync(join(folder, 'nocloud', 'meta-data'), `instance-id: ${name}\nlocal-hostname: machine\n`);
    await docker('cp', join(folder, 'nocloud'), `${name}:/var/lib/cloud/seed/`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function booted(exec: Machine['exec']): Promise<void> {
  const givenUp = Date.now() + BOOT_MILLISECONDS;
  // systemd has to be up before anything can be asked.
  for (;;) {
    const state = await exec('systemctl', 'is-system-running').catch((error: Error) => error.message);
    if (/running|degraded|starting/.test(state)) break;
    if (Date.now() > givenUp) throw machineFailed(state);
    await delay(200);
  }
  await exec('cloud-init', 'status', '--wait').catch(async (error: Error) => {
    const log = await exec('tail', '--lines', '60', '/var/log/cloud-init-output.log').catch(() => '');
    throw machineFailed(`${error.message}\n${log}`);
  });
}
