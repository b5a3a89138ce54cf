import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineFailed } from '../errors';
import { freePort } from '../port';
import { EngineApi } from './engine-api';
import {
  dataFolder,
  engineFolder,
  engineNumber,
  numbered,
  dockerSocket,
  logFile,
  registryFolder,
  runFolder,
} from './folders';
import { imageKeys, makeImages, withoutDockerHub } from './images';
import { addresses, bridgeName, makeNetwork } from './network';
import { findProgram, lacksResourceCapability, whyNoDocker } from './prerequisites';
import { registryAnswers, registryConfig } from './registry';
import { runcWithoutResourceCapability } from './runc';
import { cgroup, killAll, sweep } from './sweep';

const START_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 20_000;
const KEPT_OUTPUT = 4000;

/** The engine and the registry, in the process that keeps them. */
export class Engine {
  private readonly api = new EngineApi(dockerSocket());
  private daemon: ChildProcess | undefined;
  private registryServer: ChildProcess | undefined;

  private constructor(
    /** `127.0.0.1:<port>`. */
    public readonly registry: string,
    /** Called when the engine ends and nobody has asked for it. */
    private readonly onEnd: () => void,
  ) {}

  public static async start(note: (text: string) => void, onEnd: () => void): Promise<Engine> {
    const refusal = whyNoDocker();
    if (refusal) throw refusal;
    await sweep();
    mkdirSync(registryFolder(), { recursive: true });
    const engine = new Engine(await registryAddress(), onEnd);
    try {
      await engine.prepare();
      await Promise.all([engine.startRegistry(), engine.startDaemon()]);
      await engine.removeForeign();
      if (engineNumber() === 0) await makeImages(engine.api, engine.registry, note);
      // Stages of builds, and images that were made anew.
      await engine.api.call('/images/prune', { method: 'POST' });
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  public get pid(): number {
    return this.daemon?.pid ?? 0;
  }

  /** Makes images that are made on demand. */
  public async make(names: readonly string[], note: (text: string) => void): Promise<void> {
    await makeImages(this.api, this.registry, note, names);
  }

  /** Kills the engine and what runs in its containers, as a power cut would. */
  public async kill(): Promise<void> {
    const daemon = this.daemon;
    this.daemon = undefined;
    daemon?.kill('SIGKILL');
    await killAll();
    // The registry is none of the engine's, but was among the killed.
    this.registryServer = undefined;
  }

  /** Starts the engine again after a kill; containers come back as their restart policies say. */
  public async restart(): Promise<void> {
    if (this.daemon !== undefined) await this.kill();
    // As after a power cut, where /run is empty: a number in a pid file may be that of somebody else by now.
    for (const file of ['docker.pid', 'exec/containerd/containerd.pid'])
      rmSync(join(runFolder(), file), { force: true });
    await Promise.all([this.startRegistry(), this.startDaemon()]);
  }

  /** Removes containers, networks and volumes, ends the engine, and leaves nothing but images. */
  public async stop(): Promise<void> {
    if (this.daemon !== undefined) {
      const { daemon } = this;
      this.daemon = undefined;
      if (await this.api.isUp()) await this.removeForeign().catch((error: Error) => log(error.message));
      daemon.kill('SIGTERM');
      await ended(daemon, STOP_MILLISECONDS);
    }
    const server = this.registryServer;
    this.registryServer = undefined;
    server?.kill('SIGTERM');
    await sweep();
  }

  private async prepare(): Promise<void> {
    await makeNetwork();
    if (lacksResourceCapability()) {
      mkdirSync(binFolder(), { recursive: true });
      rmSync(join(binFolder(), 'runc'), { force: true });
      symlinkSync(await runcWithoutResourceCapability(), join(binFolder(), 'runc'));
    }
    writeFileSync(
      configFile(),
      JSON.stringify({
        'data-root': engineFolder(),
        'exec-root': join(runFolder(), 'exec'),
        pidfile: join(runFolder(), 'docker.pid'),
        hosts: [`unix://${dockerSocket()}`],
        bridge: bridgeName(),
        'fixed-cidr': addresses().bridgePool,
        'default-address-pools': [{ base: addresses().pool, size: 24 }],
        iptables: false,
        'cgroup-parent': `/${cgroup()}`,
        'registry-mirrors': [`http://${this.registry}`],
        builder: { gc: { enabled: true, defaultKeepStorage: '2GB' } },
      }),
    );
    writeFileSync(registryConfigFile(), registryConfig(this.registry, { readOnly: engineNumber() !== 0 }));
  }

  private async startDaemon(): Promise<void> {
    this.daemon = launch('dockerd', ['--config-file', configFile()]);
    const { daemon } = this;
    daemon.on('exit', () => {
      if (this.daemon === daemon) this.onEnd();
    });
    await ready(daemon, () => this.api.isUp());
  }

  private async startRegistry(): Promise<void> {
    this.registryServer = launch('docker-registry', ['serve', registryConfigFile()]);
    await ready(this.registryServer, () => registryAnswers(this.registry));
  }

  /** Removes what no image of the test bed is: left by tests, or by a run that was killed. */
  private async removeForeign(): Promise<void> {
    const { api } = this;
    const containers = await api.call<{ Id: string }[]>('/containers/json?all=1');
    await Promise.all(
      containers.map(({ Id }) => api.call(`/containers/${Id}?force=1&v=1`, { method: 'DELETE' })),
    );
    const networks = await api.call<{ Id: string; Name: string }[]>('/networks');
    for (const { Id, Name } of networks) {
      if (['bridge', 'host', 'none'].includes(Name)) continue;
      await api.call(`/networks/${Id}`, { method: 'DELETE' });
    }
    const { Volumes } = await api.call<{ Volumes: { Name: string }[] | null }>('/volumes');
    for (const { Name } of Volumes ?? []) await api.call(`/volumes/${Name}?force=1`, { method: 'DELETE' });
    const own = Object.keys(imageKeys()).map(withoutDockerHub);
    const images = await api.call<{ RepoTags: string[] | null }[]>('/images/json');
    for (const tag of images.flatMap(({ RepoTags }) => RepoTags ?? [])) {
      if (own.includes(tag) || tag === '<none>:<none>') continue;
      await api.call(`/images/${tag}?force=1`, { method: 'DELETE' });
    }
  }
}

function configFile(): string {
  return join(runFolder(), 'daemon.json');
}

function registryConfigFile(): string {
  return join(runFolder(), 'registry.json');
}

function binFolder(): string {
  return join(runFolder(), 'bin');
}

/** The same port at every start where it is free: names of images contain it. */
async function registryAddress(): Promise<string> {
  const file = join(dataFolder(), numbered('registry-port'));
  const port = existsSync(file) ? await freePort(Number(readFileSync(file, 'utf8'))) : await freePort();
  writeFileSync(file, String(port));
  return `127.0.0.1:${port}`;
}

function launch(name: string, args: readonly string[]): ChildProcess {
  const program = findProgram(name) ?? name;
  const output = openSync(logFile(), 'a');
  const folders = [
    binFolder(),
    process.env['PATH'],
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
    dirname(program),
  ];
  return spawn(program, args, {
    cwd: '/',
    env: { ...process.env, PATH: folders.filter(Boolean).join(':') },
    stdio: ['ignore', output, output],
    // Not in this process's group: an interrupt from a terminal ends it in order.
    detached: true,
  });
}

async function ready(process: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  let failure: Error | undefined;
  process.on('error', (error) => (failure = error));
  const deadline = Date.now() + START_MILLISECONDS;
  while (!(await isReady())) {
    if (failure || process.exitCode !== null || process.signalCode !== null || Date.now() > deadline) {
      throw engineFailed(logFile(), failure?.message ?? readFileSync(logFile(), 'utf8').slice(-KEPT_OUTPUT));
    }
    await delay(50);
  }
}

async function ended(process: ChildProcess, milliseconds: number): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (process.exitCode === null && process.signalCode === null && Date.now() < deadline) await delay(20);
}

function log(text: string): void {
  console.error(text);
}
