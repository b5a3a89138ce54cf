import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { processStart } from './process-start';

/** Where a process id means something: one boot of one machine, and one namespace of process ids in it. */
export interface ProcessPlace {
  readonly host: string;
  /** Undefined where the system has no such thing. */
  readonly machine?: string;
  readonly boot?: string;
  readonly namespace?: string;
}

/** One process, told apart from all others for good. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started: process ids are used again. */
  readonly started: string;
  /** @default - that of the caller */
  readonly place?: ProcessPlace;
}

let here: ProcessPlace | undefined;

/** Where this process runs. */
export function ownPlace(): ProcessPlace {
  return (here ??= {
    host: hostname(),
    machine: textOf(() => readFileSync('/etc/machine-id', 'utf8')),
    boot: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    namespace: textOf(() => readlinkSync('/proc/self/ns/pid')),
  });
}

let ownStart: string | undefined;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  ownStart ??= processStart(process.pid) ?? '';
  return { pid: process.pid, started: ownStart, place: ownPlace() };
}

/**
 * Whether a process lives: `unknown` where that cannot be told from here, because it runs, or ran, on another machine
 * or in another container that shares the folder.
 */
export function processState({ pid, started, place }: ProcessMark): 'alive' | 'dead' | 'unknown' {
  const own = ownPlace();
  if (place !== undefined && !sameKernel(place, own)) {
    const rebooted = place.machine !== undefined && place.machine === own.machine;
    return rebooted && place.boot !== own.boot ? 'dead' : 'unknown';
  }
  return processStart(pid) === started ? 'alive' : 'dead';
}

function sameKernel(one: ProcessPlace, other: ProcessPlace): boolean {
  return one.boot === other.boot && one.namespace === other.namespace;
}

function textOf(read: () => string): string | undefined {
  try {
    return read().trim() || undefined;
  } catch {
    return undefined;
  }
}
