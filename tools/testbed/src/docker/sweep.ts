import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineFolder, numbered, RUN_FOLDERS, runFolder } from './folders';
import { addresses, removeNetwork } from './network';
import { findProgram, whyNoDocker } from './prerequisites';

/** Group of control groups in which the engine puts every container. */
export function cgroup(): string {
  return numbered('mlterra-docker');
}

const CGROUPS = '/sys/fs/cgroup';
const PROGRAMS = ['dockerd', 'containerd', 'containerd-shim-runc-v2', 'docker-registry', 'docker-proxy'];

/** Removes what an engine has left that was killed: processes, mounts, control groups and network. */
export async function sweep(): Promise<void> {
  await killAll();
  unmountAll();
  for (const hierarchy of hierarchies()) removeGroups(join(hierarchy, cgroup()));
  await removeNetwork();
}

/** Sweeps when nobody keeps an engine: the one who did was killed, and what he kept goes on. */
export async function sweepUnlessKept(): Promise<void> {
  if (whyNoDocker() !== undefined || enginePids().length === 0) return;
  if (isLocked(runFolder())) return;
  await sweep();
}

/** How long the process that keeps an engine may take from the end of the engine to its own, in seconds. */
const ENDING_SECONDS = 5;

/** Removes the folders of engines that nobody keeps; what is mounted in one is left alone. */
export function removeRunFolders(): void {
  if (whyNoDocker() !== undefined || !existsSync(RUN_FOLDERS)) return;
  for (const name of readdirSync(RUN_FOLDERS)) {
    const folder = join(RUN_FOLDERS, name);
    // The socket goes when the engine begins to end; until then it is in use.
    if (existsSync(join(folder, 'control.sock')) && isLocked(folder)) continue;
    try {
      // Under the lock, so that no engine is started in it meanwhile.
      const remove = ['rm', '-rf', '--one-file-system', folder];
      execFileSync(flock(), ['--timeout', String(ENDING_SECONDS), join(folder, 'lock'), ...remove], {
        stdio: 'ignore',
      });
    } catch {
      // Somebody keeps it.
    }
  }
  try {
    rmdirSync(RUN_FOLDERS);
  } catch {
    // An engine is in use.
  }
}

function isLocked(folder: string): boolean {
  try {
    execFileSync(flock(), ['--nonblock', join(folder, 'lock'), 'true'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}

function flock(): string {
  return findProgram('flock') ?? 'flock';
}

/** Kills the engine and every process in its containers, as a power cut would. */
export async function killAll(): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const left = [...enginePids(), ...containerPids()];
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
    await delay(20);
  }
}

/** Processes of an engine, found by its folders or addresses in their arguments. */
export function enginePids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
        if (!PROGRAMS.includes(program)) return false;
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return (
          command.includes(`${runFolder()}/`) || command.includes(`-container-ip\0${addresses().prefix}`)
        );
      } catch {
        return false;
      }
    });
}

/** Processes in containers of the engine. */
export function containerPids(): readonly number[] {
  return [...new Set(hierarchies().flatMap((hierarchy) => pidsBelow(join(hierarchy, cgroup()))))];
}

/** Mounts of the engine, the last one first. */
export function engineMounts(): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${runFolder()}/`) || path.startsWith(`${engineFolder()}/`))
    .reverse();
}

function unmountAll(): void {
  for (const path of engineMounts()) {
    try {
      execFileSync('umount', ['-l', path], { stdio: 'ignore' });
    } catch {
      // A mount above it took it along.
    }
  }
}

/** Version 1 has one hierarchy per controller, version 2 has one at the top. */
function hierarchies(): readonly string[] {
  return [CGROUPS, ...readdirSync(CGROUPS).map((name) => join(CGROUPS, name))].filter((path) =>
    existsSync(join(path, cgroup())),
  );
}

function pidsBelow(folder: string): readonly number[] {
  try {
    const own = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    return [...own, ...subfolders(folder).flatMap(pidsBelow)];
  } catch {
    return [];
  }
}

function removeGroups(folder: string): void {
  try {
    for (const below of subfolders(folder)) removeGroups(below);
    rmdirSync(folder);
  } catch {
    // The last process of a group may still be ending; the next sweep finds the group again.
  }
}

function subfolders(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}
