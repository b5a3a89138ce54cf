import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { portForbidden, portInUse, portTaken, postgresMissing } from '../errors';
import type { DesiredProcess, DesiredStack } from '../spec';
import type { StackName } from './data-folder';
import { listenersOn } from './listeners';
import { endProcesses, markedProcesses } from './marked-processes';
import { portHolder, strangerOn, type Stranger } from './port-holder';
import { portState } from './ports';
import { ensurePostgres, type PostgresSource } from './postgres-binaries';
import { ensureCluster, serverCommand } from './postgres-cluster';
import { askServer, ensureDatabases, type PostgresClient } from './postgres-databases';
import { askProcess, takenPort, unrestOf } from './process-health';
import { processFolder, processVersion, removeOtherVersions, type ProcessVersion } from './process-version';
import { startsOfVersion, waitUntilWell } from './process-watch';
import {
  fullName,
  isSameStack,
  register,
  registeredProcesses,
  unregister,
  type RegisteredProcess,
} from './registry';
import { ensureSecret, readSecret } from './secret-file';
import type { Session } from './session';
import { forgetStarts, startsOf } from './starts';
import { Supervisor, type ProgramStatus } from './supervisor';
import { checkName } from './supervisor-config';
import { withSupervisor } from './supervisor-lock';
import { ensureTools, type Tools } from './tools';
import { ensureVirtualEnvironment } from './virtual-environment';

/** What the caller alone could find out. */
export interface Prepared {
  readonly postgres?: PostgresSource;
  readonly PostgresClient?: PostgresClient;
  /** Who held a wanted port, by port. */
  readonly holders: ReadonlyMap<number, string>;
}

/** Looks for what may be out of reach once the rights of root are given up. */
export async function prepare(
  desired: DesiredStack,
  findPostgres: (majorVersion: number) => PostgresSource,
  loadClient: () => Promise<PostgresClient>,
): Promise<Prepared> {
  const server = desired.processes.find(({ program }) => program.kind === 'postgres')?.program;
  const holders = new Map<number, string>();
  for (const { port } of desired.processes.flatMap(({ ports }) => ports)) {
    if ((await portState(port)) !== 'in use') continue;
    const holder = portHolder(port);
    if (holder !== undefined) holders.set(port, holder);
  }
  return {
    ...(server?.kind === 'postgres' && { postgres: findPostgres(server.majorVersion) }),
    ...((server !== undefined || desired.databases.length > 0) && { PostgresClient: await loadClient() }),
    holders,
  };
}

/**
 * Brings one stack in line with what is wanted of it. Every step finds out for itself what is left to do, so
 * that a run that was cut off anywhere is finished by the next one.
 */
export class Reconciler {
  private constructor(
    private readonly session: Session,
    private readonly prepared: Prepared,
    private readonly name: StackName,
    private readonly desired: DesiredStack,
    private readonly tools: Tools,
    private readonly supervisor: Supervisor,
  ) {}

  public static async run(
    session: Session & { readonly prepared: Prepared },
    name: StackName,
    desired: DesiredStack,
  ): Promise<void> {
    const { data, account, installers } = session;
    for (const folder of ['home', 'locks', 'supervisor']) {
      mkdirSync(data.path(folder), { recursive: true, mode: 0o700 });
    }
    for (const folder of desired.folders) mkdirSync(data.absolute(folder), { recursive: true, mode: 0o700 });
    for (const secret of desired.secrets) ensureSecret(data, secret);
    const tools = await ensureTools(data, account.name, installers);
    const supervisor = new Supervisor(data, tools);
    await new Reconciler(session, session.prepared, name, desired, tools, supervisor).reconcile();
  }

  private async reconcile(): Promise<void> {
    const servers = this.desired.processes.filter(({ program }) => program.kind === 'postgres');
    const programs = this.desired.processes.filter(({ program }) => program.kind !== 'postgres');
    const versions = new Map<DesiredProcess, ProcessVersion>();
    for (const process of this.desired.processes) versions.set(process, await this.install(process));
    const ready = (processes: readonly DesiredProcess[]) =>
      processes.map((process) => versions.get(process)!);

    await this.locked(async () => {
      await this.supervisor.settle();
      await this.checkPorts();
      await this.removeAbsent();
      // A supervisor that was killed comes back with all it had, the database server of another stack too.
      if (registeredProcesses(this.session.data).length > 0) await this.supervisor.ensureUp();
    });
    await this.bringUp(ready(servers));
    const { databases } = this.desired;
    if (databases.length > 0) {
      const { environment, stage, stack } = this.name;
      const key = `${environment}/${stage}/${stack}`;
      await ensureDatabases(this.prepared.PostgresClient!, this.session.data, key, databases);
    }
    await this.bringUp(ready(programs));
  }

  private async install(process: DesiredProcess): Promise<ProcessVersion> {
    const { data, installers } = this.session;
    const common = { data, name: this.name, process, toolsBin: this.tools.bin };
    if (process.program.kind === 'python') {
      const folder = await ensureVirtualEnvironment(
        data,
        this.tools,
        process.program.requirements,
        installers,
      );
      return processVersion({ ...common, binFolder: join(folder, 'bin') });
    }
    if (this.prepared.postgres === undefined)
      throw postgresMissing(process.program.majorVersion, 'none was looked for');
    const bin = await ensurePostgres(this.prepared.postgres);
    await ensureCluster(data, bin, process.program);
    return processVersion({ ...common, binFolder: bin, program: serverCommand(data, bin, process.program) });
  }

  /** A port may be held by this stack itself: what holds it is stopped or adopted. */
  private async checkPorts(): Promise<void> {
    const { data, account } = this.session;
    const registered = registeredProcesses(data);
    const up = await this.supervisor.isUp();
    if (!up) await this.endLeftovers(registered);
    const mine = registered.filter(({ name }) => isSameStack(name, this.name));
    const others = registered.filter(({ name }) => !isSameStack(name, this.name));
    // As long as a process is being stopped it holds its port.
    const programs = up
      ? await this.supervisor.untilStopped(mine.map(({ program }) => program))
      : new Map<string, ProgramStatus>();
    const running = mine.flatMap((one) => {
      const status = programs.get(one.program);
      return isOn(status) ? [{ ...one, pid: status?.pid }] : [];
    });
    for (const one of mine) {
      // A process that was killed may have left children, which hold its port.
      if (!isOn(programs.get(one.program)))
        await endProcesses(() => markedProcesses(data, one.name, one.process));
    }
    const held = new Set(running.flatMap(portsOf));
    const owners = running.flatMap(({ pid }) => pid ?? []);
    for (const process of this.desired.processes) {
      const wanted = fullName(this.name, process.name);
      for (const { port } of process.ports) {
        const other = others.find((one) => portsOf(one).includes(port));
        if (other) throw portTaken(port, wanted, fullName(other.name, other.process));
        const stranger = strangerOn(port, owners);
        const isLeftover = stranger !== undefined && this.isLeftover(stranger);
        if (stranger !== undefined && !isLeftover) {
          throw portInUse(port, wanted, this.describe(port, stranger));
        }
        if (held.has(port) || isLeftover) continue;
        const state = await portState(port);
        if (state === 'forbidden') throw portForbidden(port, wanted, account.name);
        if (state === 'in use') {
          throw portInUse(port, wanted, portHolder(port) ?? this.prepared.holders.get(port));
        }
      }
    }
    const ports = this.desired.processes.flatMap((process) => process.ports);
    if (ports.some(({ port }) => listenersOn(port) === undefined)) {
      console.log(
        'Not checked whether the ports belong to the processes: there is neither /proc/net/tcp nor lsof',
      );
    }
  }

  /** What a process of this stack has left behind, and ends when it starts. */
  private isLeftover({ mark }: Stranger): boolean {
    return (
      mark !== undefined &&
      mark.data === this.session.data.root &&
      mark.process.startsWith(fullName(this.name, ''))
    );
  }

  /** Root may have seen more of whom a port belongs to. */
  private describe(port: number, { description, pid }: Stranger): string {
    return pid === undefined ? (this.prepared.holders.get(port) ?? description) : description;
  }

  /** Ends what a supervisor that was killed has left running; a new one would start it a second time. */
  private async endLeftovers(registered: readonly RegisteredProcess[]): Promise<void> {
    const names = [this.name, ...registered.map(({ name }) => name)];
    for (const name of names) await endProcesses(() => markedProcesses(this.session.data, name));
  }

  private async removeAbsent(): Promise<void> {
    const { data } = this.session;
    const wanted = new Set(this.desired.processes.map(({ name }) => name));
    const absent = registeredProcesses(data).filter(
      ({ name, process }) => isSameStack(name, this.name) && !wanted.has(process),
    );
    for (const { name, process } of absent) unregister(data, name, process);
    if (registeredProcesses(data).length === 0 && wanted.size === 0) await this.supervisor.shutdown();
    else if (await this.supervisor.isUp())
      await this.supervisor.update(absent.flatMap(({ program }) => [checkName(program), program]));
    for (const { name, process } of absent) {
      await endProcesses(() => markedProcesses(data, name, process));
      rmSync(processFolder(data, name, process), { recursive: true, force: true });
      console.log(`Stopped ${fullName(name, process)}`);
    }
  }

  /** Starts, restarts or adopts processes, and waits until they are well. */
  private async bringUp(versions: readonly ProcessVersion[]): Promise<void> {
    if (versions.length === 0) return;
    const { data } = this.session;
    const startsBefore = await this.locked(async () => {
      const configs = new Map(registeredProcesses(data).map(({ program, config }) => [program, config]));
      const changed = versions.filter(({ program, config }) => configs.get(program) !== config);
      for (const version of versions) version.write();
      for (const { process, config } of changed) {
        forgetStarts(data, this.name, process.name);
        register(data, this.name, process.name, config);
      }
      await this.supervisor.ensureUp();
      // All of them: the supervisor may have missed an earlier change, and does nothing where there is none.
      await this.supervisor.update(versions.flatMap(programsOf));
      const programs = await this.supervisor.programs();
      const down: ProcessVersion[] = [];
      for (const version of versions) {
        if (changed.includes(version)) continue;
        if (await this.isDown(version.process, programs.get(version.program))) down.push(version);
      }
      for (const { process } of down) forgetStarts(data, this.name, process.name);
      await this.supervisor.restart(down.map(({ program }) => program));
      const checksDown = versions.map(({ program }) => checkName(program));
      await this.supervisor.restart(
        checksDown.filter((check) => programs.has(check) && !isOn(programs.get(check))),
      );
      const fresh = [...changed, ...down];
      return new Map(
        versions.map((version) => [
          version,
          fresh.includes(version) ? 0 : startsOfVersion({ data, name: this.name }, version).length,
        ]),
      );
    });
    const watch = {
      data,
      name: this.name,
      supervisor: this.supervisor,
      ask: (process: DesiredProcess, pid: number) => this.askStarted(process, pid),
    };
    for (const version of versions) {
      await waitUntilWell(watch, version, startsBefore.get(version)!);
      removeOtherVersions(data, this.name, version);
      console.log(`Running ${fullName(this.name, version.process.name)}`);
    }
  }

  /** Whether a process is to be restarted, so that it may get well. */
  private async isDown(process: DesiredProcess, status: ProgramStatus | undefined): Promise<boolean> {
    if (!isOn(status) || unrestOf(this.session.data, this.name, process.name) !== undefined) return true;
    if (status?.pid === undefined || (await this.ask(process, status.pid)) === undefined) return false;
    const started = startsOf(this.session.data, this.name, process.name).at(-1);
    // Not before the time of its start is over.
    return started === undefined || Date.now() / 1000 - started.time > process.probe.startSeconds;
  }

  /** Asks a process; throws when somebody else has its port, which it cannot get by waiting. */
  private askStarted(process: DesiredProcess, pid: number): Promise<string | undefined> {
    const taken = takenPort(process, [pid]);
    if (taken !== undefined && !this.isLeftover(taken.stranger)) {
      const { port, stranger } = taken;
      throw portInUse(port, fullName(this.name, process.name), this.describe(port, stranger));
    }
    return this.ask(process, pid);
  }

  private async ask(process: DesiredProcess, pid: number): Promise<string | undefined> {
    const { program } = process;
    const problem = await askProcess(process, pid);
    if (problem !== undefined || program.kind !== 'postgres') return problem;
    return askServer(this.prepared.PostgresClient!, {
      port: program.port,
      user: program.superuser,
      password: readSecret(this.session.data, program.password),
    });
  }

  /** One run at a time configures the supervisor. */
  private locked<T>(action: () => Promise<T>): Promise<T> {
    return withSupervisor(this.session.data, action);
  }
}

function programsOf({ process, program }: ProcessVersion): string[] {
  return process.probe.kind === 'http' ? [program, checkName(program)] : [program];
}

function portsOf({ desired }: RegisteredProcess): number[] {
  return desired?.ports.map(({ port }) => port) ?? [];
}

/** Whether a program runs or is about to. */
function isOn(status: ProgramStatus | undefined): boolean {
  return status?.state === 'RUNNING' || status?.state === 'STARTING';
}
