/** What a process asks for that wants to use the engine. */
export interface LeaseRequest {
  readonly pid: number;
  readonly mode: LeaseMode;
}

/**
 * - `shared`: others may use the engine, too.
 * - `exclusive`: nobody else may, as this one kills the engine or counts what is on it.
 * - `background`: keeps the engine running and is in nobody's way.
 */
export type LeaseMode = 'shared' | 'exclusive' | 'background';

interface Waiting<T> extends LeaseRequest {
  readonly holder: T;
  readonly grant: () => void;
}

/** Who uses the engine. First come, first served; leases of one process never wait for each other. */
export class Leases<T> {
  private readonly granted = new Map<T, LeaseRequest>();
  private waiting: readonly Waiting<T>[] = [];

  public get isEmpty(): boolean {
    return this.granted.size === 0 && this.waiting.length === 0;
  }

  public ask(holder: T, request: LeaseRequest, grant: () => void): void {
    this.waiting = [...this.waiting, { holder, grant, ...request }];
    this.serve();
  }

  /** Processes that are served. */
  public get users(): readonly number[] {
    return [...new Set([...this.granted.values()].map(({ pid }) => pid))];
  }

  /** Ends a lease, or the wish for one. */
  public end(holder: T): void {
    this.granted.delete(holder);
    this.waiting = this.waiting.filter((one) => one.holder !== holder);
    this.serve();
  }

  private serve(): void {
    const barred: LeaseRequest[] = [...this.granted.values()];
    for (const { holder, grant, pid, mode } of this.waiting) {
      if (barred.some((other) => excludes(other, { pid, mode }))) {
        // Who waits is not overtaken by those it cannot be together with.
        barred.push({ pid, mode });
        continue;
      }
      this.waiting = this.waiting.filter((one) => one.holder !== holder);
      this.granted.set(holder, { pid, mode });
      barred.push({ pid, mode });
      grant();
    }
  }
}

function excludes(one: LeaseRequest, other: LeaseRequest): boolean {
  if (one.pid === other.pid || one.mode === 'background' || other.mode === 'background') return false;
  return one.mode === 'exclusive' || other.mode === 'exclusive';
}
