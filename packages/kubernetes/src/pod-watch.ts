import type { ClusterApi } from './cluster-api';
import { pods, refusals } from './cluster-objects';
import { isUsual, podTrouble, refusalTrouble } from './pod-trouble';

const PAUSE_MILLISECONDS = 3_000;

/** How often in a row a pod is seen in trouble before that is told: a volume that is being made is none. */
const LOOKS = 3;

type Report = (text: string) => void;

/** Watches by namespace, from the preparation of an apply to its end. */
const watches = new Map<string, PodWatch>();

/**
 * Remembers what pods had trouble with. Helm removes them when it takes back a release, so that afterwards nobody can
 * be asked.
 */
export class PodWatch {
  private readonly troubles = new Map<string, string>();
  private readonly looks = new Map<string, number>();
  private readonly told = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  /** Times of Kubernetes have no fractions of a second. */
  private readonly since = new Date(Math.floor(Date.now() / 1000) * 1000);
  private busy = false;

  private constructor(
    private readonly api: Pick<ClusterApi, 'get'>,
    private readonly namespace: string,
    private readonly report: Report | undefined,
  ) {
    this.timer = setInterval(() => void this.look(), PAUSE_MILLISECONDS).unref();
  }

  /** Watches a namespace, which need not be there yet, and reports each trouble once, while it is waited for. */
  public static start(api: Pick<ClusterApi, 'get'>, namespace: string, report?: Report): void {
    watches.get(namespace)?.stop();
    watches.set(namespace, new PodWatch(api, namespace, report));
  }

  /** Ends the watch of a namespace; returns what pods had trouble with to the last. */
  public static end(namespace: string): readonly string[] {
    const watch = watches.get(namespace);
    watches.delete(namespace);
    return watch?.stop() ?? [];
  }

  private stop(): readonly string[] {
    clearInterval(this.timer);
    return [...new Set(this.troubles.values())].sort();
  }

  private async look(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const found = await pods(this.api, this.namespace);
      for (const pod of found) this.note(`pod ${pod.metadata.name}`, podTrouble(pod));
      for (const event of await refusals(this.api, this.namespace)) {
        const { kind, name } = event.involvedObject;
        this.note(`${kind} ${name}`, refusalTrouble(event, found, this.since));
      }
    } catch {
      // What cannot be asked now is asked the next time.
    } finally {
      this.busy = false;
    }
  }

  private note(what: string, trouble: string | undefined): void {
    if (trouble === undefined) this.troubles.delete(what);
    else this.troubles.set(what, trouble);
    this.tell(what, trouble);
  }

  private tell(what: string, trouble: string | undefined): void {
    if (trouble === undefined || isUsual(trouble)) {
      this.looks.delete(what);
      return;
    }
    const looks = (this.looks.get(what) ?? 0) + 1;
    this.looks.set(what, looks);
    if (looks < LOOKS || this.told.has(trouble)) return;
    this.told.add(trouble);
    this.report?.(trouble);
  }
}
